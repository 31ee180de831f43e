/** C-MSG-06: what became of a message of ours only ever moves forward. */
import { bounds } from './bounds.ts';
import type { DeviceContext, DeviceEffect } from './device.ts';
import type { DeviceState } from './state.ts';

export type Progress = Omit<DeviceEffect & { type: 'progressed' }, 'type'>;

const rank = { sent: 0, delivered: 1, read: 2, failed: 3 } as const;

export function tellProgress(
  { progress }: DeviceState,
  told: Progress,
  context: DeviceContext,
): void {
  const { messageId, status } = told;
  const before = progress.get(messageId) ?? -1;
  if (rank[status] === before) return;
  if (!context.must('C-MSG-06', rank[status] > before && before < rank.read)) return;
  progress.delete(messageId);
  progress.set(messageId, rank[status]);
  const [oldest] = progress.size > bounds.shownMessages ? progress.keys() : [];
  if (oldest !== undefined) progress.delete(oldest);
  context.emit({ type: 'progressed', ...told });
}
