/** X-TIME-04 to X-TIME-06, L-X10: a signed time of the server moves a logical offset, never a clock. */
import { limits } from '../../../spec/limits.ts';
import type { TimeSync } from '../../../spec/messages/common/time-sync.ts';
import { isCredibleOffset } from '../../guard/freshness.ts';
import { type Micros, seconds } from '../../time.ts';
import type { DeviceContext } from './device.ts';
import { drop } from './dropping.ts';
import type { DeviceState } from './state.ts';

/** The time as this device tells it in messages. */
export function timeOf(device: DeviceState, { now }: Pick<DeviceContext, 'now'>): Micros {
  return now + device.offset;
}

export function timeSynced(device: DeviceState, sync: TimeSync, context: DeviceContext): void {
  const { signature = '', ...unsigned } = sync;
  const { serverKey, config } = device;
  const isSigned =
    serverKey !== null &&
    sync.server_id === config.serverId &&
    context.crypto.verify(serverKey, unsigned, signature);
  if (!context.must('X-TIME-04', isSigned)) {
    return drop('X-TIME-04', 'time_sync without the server key', context);
  }
  const told = { serverTimeSeconds: sync.server_time, uncertaintyMs: sync.uncertainty_ms };
  const isCredible = isCredibleOffset(context.now, told, limits.clientOffsetMarginSeconds);
  if (!context.must('X-TIME-06', isCredible)) {
    return drop('X-TIME-06', 'time_sync too far from our clock', context);
  }
  // Within what the message leaves uncertain there is nothing to correct.
  const difference = seconds(sync.server_time) - context.now;
  const isWithin = Math.abs(difference) <= sync.uncertainty_ms * 1000;
  device.offset = isWithin ? 0 : difference;
}
