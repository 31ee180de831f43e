/**
 * What every part of NORC-T is handed: who we are, the links, what we remember, and the present.
 */
import type { ServerConfig } from '../config.ts';
import type { Context } from '../core.ts';
import type { AuditPort, LinkPort } from '../ports.ts';
import type { TrustState } from './state.ts';

export interface Scope {
  readonly config: ServerConfig;
  readonly link: LinkPort;
  readonly audit: AuditPort;
  readonly state: TrustState;
  readonly context: Context;
}
