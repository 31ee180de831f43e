/** L-E17, X-AAD-03: what a device cannot accept it drops in silence; only its own log hears of it. */
import type { RequirementId } from '../../../spec/emitted/requirement-ids.ts';
import type { DeviceContext } from './device.ts';

export function drop(requirement: RequirementId, detail: string, context: DeviceContext): void {
  context.emit({ type: 'log', event: 'dropped', requirement, detail });
}

export function note(detail: string, context: DeviceContext): void {
  context.emit({ type: 'log', event: 'noted', requirement: null, detail });
}
