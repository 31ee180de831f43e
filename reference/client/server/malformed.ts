/**
 * X-ERR-08, L-X04 and spec/choices.md: while connecting, the first frame that cannot be read ends the
 * connection. Later the first is answered, the next are met with silence, the tenth closes.
 */
import { errorCode } from '../../../spec/emitted/registries.ts';
import { limits } from '../../../spec/limits.ts';
import type { Context } from '../../core.ts';
import type { Fault } from '../../wire/result.ts';
import { closeConnection } from './closing.ts';
import { abort, closeCode, type Refusal, refuseMessage } from './refusal.ts';
import type { Connection, Server } from './state.ts';

export function malformedFrame(
  server: Server,
  connection: Connection,
  fault: Fault,
  context: Context,
): void {
  const refusal = malformed(fault);
  if (connection.phase === 'connecting') {
    return abort(server, connection, refusal, closeCode.protocol, context);
  }
  connection.malformed += 1;
  const isFirst = connection.malformed === 1;
  refuseMessage(connection, isFirst ? refusal : { ...refusal, code: null }, context);
  const isBearable = connection.malformed < limits.malformedFramesBeforeClose;
  if (context.must('X-ERR-08', isBearable)) return;
  closeConnection(server, connection, { code: closeCode.protocol, reason: 'malformed' }, context);
}

export function malformed({ requirement, detail, path }: Fault): Refusal {
  return {
    requirement,
    code: errorCode.common.protocolError,
    reason: 'malformed',
    detail: path === undefined ? detail : `${detail} at ${path}`,
  };
}
