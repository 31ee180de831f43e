import { expect, test } from 'vitest';
import { Untestable } from '../../conformance/case.ts';
import { createRealTime } from '../../conformance/grounds/real-time.ts';
import { createSocketsGround } from '../../conformance/grounds/sockets.ts';
import { commandTarget } from '../../conformance/targets/command.ts';
import { describeGround } from './ground-suite.ts';

describeGround('sockets', async (authority) =>
  createSocketsGround({ target: commandTarget({ authority }) }),
);

test('a long wait on real sockets is untestable and names the ground that can', async () => {
  const wait = createRealTime().pass(10_000);
  await expect(wait).rejects.toThrow(Untestable);
  await expect(createRealTime().pass(10_000)).rejects.toThrow('10 s of waiting: run with --ground');
});
