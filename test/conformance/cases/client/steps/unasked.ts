/** An answer to a question that was never put (Part 2.1 row 8: a challenge must be live). */
import { errorCode } from '../../../../../spec/emitted/registries.ts';
import type { Stage } from '../../../stage.ts';
import { negotiated } from './opening.ts';
import { checkRefused, reactionOf, secondsOf } from './reaction.ts';

export async function checkUnasked(stage: Stage): Promise<void> {
  const connection = await negotiated(stage);
  await connection.send({
    type: 'auth_response',
    challenge: 'A'.repeat(43),
    signature: 'A'.repeat(86),
    timestamp: secondsOf(stage),
  });
  checkRefused(stage, 'C-CONN-11', await reactionOf(connection), {
    what: 'an answer to a challenge that was never sent',
    codes: [errorCode.common.protocolError],
    after: 'closed',
  });
}
