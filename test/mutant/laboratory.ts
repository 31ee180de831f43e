/** What every trial needs, made once a thread. */
import { createMust } from '../../reference/assert.ts';
import { createCrypto } from '../../reference/crypto/create-crypto.ts';
import { requirementRows } from '../../spec/rows.ts';
import { createAuthority } from '../conformance/authority.ts';
import { prepareInProcess } from '../conformance/grounds/in-process.ts';
import { createIdentityPool } from '../conformance/identity-pool.ts';
import type { Laboratory } from './mutant.ts';

export async function openLaboratory(): Promise<Laboratory> {
  const levels = new Map(requirementRows().map(({ id, level }) => [id, level]));
  const parts = await prepareInProcess(await createAuthority());
  return {
    parts,
    identities: createIdentityPool(parts.authority),
    crypto: createCrypto(parts.primitives, createMust()),
    levelOf: (id) => levels.get(id) ?? 'MUST',
    ...{ at: '2.0', seed: 'mutants' },
  };
}
