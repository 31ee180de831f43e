/** `norc trust audit`: the log of a data folder as it is, and every way of touching it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { audit } from '../../../bin/trust/audit-command.ts';
import { UsageError } from '../../../bin/usage-error.ts';
import { createMust } from '../../../reference/assert.ts';
import type { AuditEntry } from '../../../reference/audit/chain.ts';
import { sealedDay } from '../../../reference/audit/judge.ts';
import { createAuditLog } from '../../../reference/audit/log.ts';
import { isIncluded } from '../../../reference/audit/merkle.ts';
import { defaultPolicy } from '../../../reference/config.ts';
import type { Context, Row } from '../../../reference/core.ts';
import type { SigningKey } from '../../../reference/crypto/crypto.ts';
import { openJournal } from '../../../reference/store/journal.ts';
import { encodeRecord, openingRecord } from '../../../reference/store/journal-record.ts';
import { seconds } from '../../../reference/time.ts';
import { readPrivateKey, seedOf } from '../../../reference/transport/pem.ts';
import type { Json } from '../../../spec/schema.ts';
import { configOf, event } from '../audit/log.ts';
import { noEvidence } from '../crypto/no-evidence.ts';
import { counting, filled } from '../crypto/octets.ts';
import { nodeCrypto } from '../crypto/providers.ts';
import { acme, bravo, web } from '../transport/certificates.ts';
import { norc } from './norc.ts';
import { recordingTerminal } from './recording-terminal.ts';

const DAY = 86_400;
const START = 20_000 * DAY;
const base = mkdtempSync(join(tmpdir(), 'norc-audit-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const keyOf = (pem: string): SigningKey => {
  const key = readPrivateKey(pem);
  if ('fault' in key) throw new Error(key.fault);
  const seed = seedOf(key.value);
  if ('fault' in seed) throw new Error(seed.fault);
  return nodeCrypto.signingKey(seed.value);
};
const acmeKey = keyOf(acme.keyPem);
const bravoKey = keyOf(bravo.keyPem);

const config = configOf({
  identity: acmeKey,
  policy: { ...defaultPolicy, auditRetentionDays: 2 },
  pseudonymKey: filled(32, 1),
});

/** Three events a day, a record of the journal each, as a server would write them. */
function recordsOf(dayCount: number, identity = acmeKey): readonly (readonly Row[])[] {
  let batch: Row[] = [];
  let drawn = 0;
  const context: Context & { now: number } = {
    now: 0,
    must: createMust(),
    crypto: nodeCrypto,
    x509: {
      ...noEvidence,
      read: () => undefined,
      isIssuedBy: () => false,
      verifyByLeaf: () => false,
    },
    entropy(lengthBytes) {
      drawn += 1;
      return counting(lengthBytes, drawn);
    },
    emit: (effect) => {
      if (effect.type === 'persist') batch.push(effect);
    },
  };
  const log = createAuditLog({ ...config, identity });
  return Array.from({ length: dayCount * 3 }, (_, index) => {
    batch = [];
    context.now = seconds(START + Math.floor(index / 3) * DAY + (index % 3) * 3600);
    log.append(event({ action: `deed ${index}` }), context);
    return batch;
  });
}

let counter = 0;
/** A data folder whose journal has these records. */
function folderOf(records: readonly (readonly Row[])[]): string {
  counter += 1;
  const folder = join(base, String(counter));
  mkdirSync(join(folder, 'tls'), { recursive: true });
  writeFileSync(join(folder, 'tls', 'federation.pem'), acme.certificatesPem);
  const bytes = records.map((rows) => encodeRecord(rows));
  writeFileSync(join(folder, 'journal.jsonl'), Buffer.concat([openingRecord(), ...bytes]));
  return folder;
}

const whole = recordsOf(2);
const fourDays = recordsOf(4);

async function verified(folder: string, asked: object = { verify: true }) {
  const terminal = recordingTerminal(Number.POSITIVE_INFINITY);
  const code = await audit(folder, asked, 'json', terminal);
  return { code, ...JSON.parse(terminal.text()) };
}

async function said(folder: string, asked: object = { verify: true }): Promise<string> {
  const terminal = recordingTerminal(Number.POSITIVE_INFINITY);
  await audit(folder, asked, 'text', terminal);
  return terminal.text();
}

/** Rows of the records, some changed or taken out; a record without rows goes too. */
const changed = (
  records: readonly (readonly Row[])[],
  change: (row: Row) => Row | null,
): readonly (readonly Row[])[] =>
  records
    .map((rows) =>
      rows.flatMap((row) => change({ table: row.table, key: row.key, value: row.value }) ?? []),
    )
    .filter((rows) => rows.length > 0);

const isEntry = (row: Row, sequence: number) =>
  /^\d+$/.test(row.key) && Number(row.key) === sequence;
const entryAt = (sequence: number) =>
  whole.flat().find((row) => isEntry(row, sequence))?.value as AuditEntry;

describe('a log that nobody has touched', () => {
  test('T-AUD-01: holds, with the roots of its days, and says its head', async () => {
    const { code, verified: found } = await verified(folderOf(whole));
    expect(code).toBe(0);
    expect(found).toMatchObject({ holds: true, entries: 6, head: entryAt(5).hash, fault: null });
    expect(found.days).toMatchObject([{ day: START, count: 3, root: entryAt(2).hash }]);
    expect(await said(folderOf(whole))).toMatch(
      /✓ the chain holds: 6 entries\n✓ the roots of 1 days hold/,
    );
  });

  test('holds though its first days are no longer kept', async () => {
    const { code, verified: found } = await verified(folderOf(fourDays));
    expect([code, found.first]).toEqual([0, 3]);
    expect(found.days.map(({ day }: { day: number }) => day)).toEqual([
      START,
      START + DAY,
      START + 2 * DAY,
    ]);
  });

  test('is listed, all or since a time, and nothing is written', async () => {
    const folder = folderOf(whole);
    const before = readFileSync(join(folder, 'journal.jsonl'));
    const { events } = await verified(folder, { since: START + DAY });
    expect(events.map(({ action }: AuditEntry) => action)).toEqual(['deed 3', 'deed 4', 'deed 5']);
    const text = await said(folder, {});
    expect(text).toMatch(
      /0 {2}2024-10-04T00:00:00Z {2}trust_granted {2}bravo\.example {2}success {2}low {2}deed 0\n/,
    );
    expect(text).toContain('6 events, not verified: add --verify');
    expect(readFileSync(join(folder, 'journal.jsonl'))).toEqual(before);
  });

  test('is read beside the server that writes it', async () => {
    const folder = folderOf(whole);
    const store = openJournal(folder);
    const { code } = await verified(folder);
    store.close();
    expect(code).toBe(0);
  });

  test('T-AUD-02: proves an event by its id or number; an altered one is not proven', async () => {
    const folder = folderOf(whole);
    const { proof } = await verified(folder, { proof: entryAt(1).event_id });
    expect(proof).toMatchObject({ day: START, index: 1, count: 3, sealed: true, included: true });
    const by = (hash: string) => isIncluded(nodeCrypto, hash, proof, proof.tree_root);
    expect([by(proof.event.hash), by(entryAt(0).hash)]).toEqual([true, false]);
    expect((await verified(folder, { proof: '1' })).proof).toEqual(proof);
    expect(await said(folder, { proof: '4' })).toMatch(
      /✓ it lies under the root of its day, as it stands/,
    );
    await expect(verified(folder, { proof: '99' })).rejects.toThrow(UsageError);
  });

  test('has grown from a head that was noted, and from no other', async () => {
    const folder = folderOf(whole);
    expect((await verified(folder, { head: entryAt(3).hash })).code).toBe(0);
    expect(await verified(folder, { head: entryAt(3).signature })).toMatchObject({ code: 1 });
  });
});

const signedBy = (key: SigningKey, value: Json): Json => {
  const { signature: _, ...record } = value as { [name: string]: Json };
  return sealedDay(record as never, nodeCrypto, key) as Json;
};

type Records = readonly (readonly Row[])[];
const isDay = ({ key }: Row) => key.startsWith('day/');
const spoilt: [
  string,
  Records,
  { place: RegExp; detail?: RegExp; expected?: string; found?: string },
][] = [
  [
    'an entry that was altered',
    changed(whole, (row) =>
      isEntry(row, 2) ? { ...row, value: { ...entryAt(2), action: 'nothing' } } : row,
    ),
    { place: /^entry 2$/, detail: /does not follow/, found: entryAt(2).hash },
  ],
  [
    'an entry that was taken out',
    changed(whole, (row) => (isEntry(row, 2) ? null : row)),
    { place: /^entry 3$/, expected: '2', found: '3' },
  ],
  [
    'two entries that changed places',
    changed(whole, (row) =>
      isEntry(row, 1) || isEntry(row, 2) ? { ...row, value: entryAt(3 - Number(row.key)) } : row,
    ),
    { place: /^entry 1$/, expected: '1', found: '2' },
  ],
  [
    'a tail that was cut off after its day was over',
    changed(whole, (row) => (isDay(row) || Number(row.key) < 2 ? row : null)),
    {
      place: /^the root of 2024-10-04$/,
      detail: /does not lead/,
      expected: entryAt(2).hash,
      found: entryAt(1).hash,
    },
  ],
  [
    'a root that another key has signed',
    changed(whole, (row) => (isDay(row) ? { ...row, value: signedBy(bravoKey, row.value) } : row)),
    { place: /^the root of 2024-10-04$/, detail: /not signed by the keeper/ },
  ],
  [
    'a root that counts otherwise, signed by the keeper itself',
    changed(whole, (row) =>
      isDay(row)
        ? { ...row, value: signedBy(acmeKey, { ...(row.value as object), count: 2 }) }
        : row,
    ),
    { place: /^the root of 2024-10-04$/ },
  ],
  [
    'a root that is missing',
    changed(whole, (row) => (isDay(row) ? null : row)),
    { place: /^the root of 2024-10-04$/, detail: /is over and has no root/ },
  ],
  [
    'a beginning that another key has signed',
    changed(fourDays, (row) =>
      row.key === 'base'
        ? { ...row, value: { ...(row.value as object), signature: entryAt(0).signature } }
        : row,
    ),
    { place: /^the beginning of the log$/, detail: /not signed/ },
  ],
  [
    'all of it signed by another key',
    recordsOf(2, bravoKey),
    { place: /^entry 0$/, detail: /not signed/ },
  ],
  [
    'what is no entry',
    changed(whole, (row) => (isEntry(row, 4) ? { ...row, value: 'x' } : row)),
    { place: /^entry 4$/, detail: /not an entry/ },
  ],
];

describe('X-AUD-01: a log with', () => {
  test.each(spoilt)('%s is broken, and the first break is named', async (_, records, expected) => {
    const { code, verified: found } = await verified(folderOf(records));
    const { place, detail = /./, ...hashes } = expected;
    expect(code).toBe(1);
    expect(found.fault).toMatchObject({
      place: expect.stringMatching(place),
      detail: expect.stringMatching(detail),
      ...hashes,
    });
    const text = await said(folderOf(records));
    expect(text).toContain(`✗ broken at ${found.fault.place}`);
    if (hashes.found) expect(text).toMatch(/ {4}expected {2}\S+\n {4}found {5}\S+/);
  });
});

describe('X-AUD-01: a journal', () => {
  let folder = '';
  let file = '';
  let bytes = Buffer.alloc(0);
  beforeEach(() => {
    folder = folderOf(whole);
    file = join(folder, 'journal.jsonl');
    bytes = readFileSync(file);
  });

  test('in which any byte is flipped is broken or cannot be read, and never holds', async () => {
    // Every 97th byte, and the same bit each time: all kinds of places of all records.
    for (let at = 0; at < bytes.length; at += 97) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      writeFileSync(file, flipped);
      const outcome = await verified(folder).catch((thrown: unknown) => {
        expect(thrown).toBeInstanceOf(UsageError);
        return { code: 2 };
      });
      expect(outcome.code, `byte ${at}`).toBeGreaterThan(0);
    }
  });

  test('that is damaged in the middle says at which byte, with both checksums', async () => {
    const at = bytes.indexOf('deed 2');
    bytes.write('Deed', at);
    writeFileSync(file, bytes);
    const start = bytes.lastIndexOf('\n', at) + 1;
    const { code, verified: found } = await verified(folder, {});
    expect(code).toBe(1);
    expect(found.fault).toMatchObject({
      place: `the record at byte ${start} of ${file}`,
      expected: bytes.toString('latin1', start, start + 16),
      found: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  test('whose last record is cut short is broken at its end', async () => {
    writeFileSync(file, bytes.subarray(0, -5));
    const { code, verified: found } = await verified(folder);
    expect([code, found.entries]).toEqual([1, 5]);
    expect(found.fault).toMatchObject({ place: 'the end of the journal' });
  });
});

describe('norc trust audit', () => {
  test('ends with 0, and with 1 where the log is broken', async () => {
    const good = await norc(['trust', 'audit', '--verify', '--data', folderOf(whole)]);
    expect([good.code, good.stderr]).toEqual([0, '']);
    const [, bad] = spoilt[0] ?? [];
    const { code, stdout } = await norc([
      'trust',
      'audit',
      '--verify',
      '--data',
      folderOf(bad ?? []),
    ]);
    expect([code, stdout]).toEqual([1, expect.stringContaining('✗ broken at entry 2')]);
  });

  test.each([
    ['no folder', () => ['--data', join(base, 'nowhere')], /nowhere: no such folder/],
    [
      'a folder without a journal',
      () => ['--data', base],
      /journal\.jsonl cannot be read \(ENOENT\)/,
    ],
    ['a date that is none', () => ['--data', base, '--since', 'soon'], /7d, 12h, 30min/],
    [
      'a certificate of another kind',
      () => ['--verify', '--data', folderOf(whole), '--certificate', fileOf(web.certificatesPem)],
      /the first certificate has no Ed25519 key/,
    ],
    [
      'no certificate',
      () => ['--verify', '--data', folderOf(whole), '--certificate', join(base, 'none.pem')],
      /none\.pem: cannot be read \(ENOENT\); name the certificate/,
    ],
    ['another file for a journal', () => ['--data', folderWith('hello')], /not a journal/],
  ])('ends with 2 for %s', async (_, words, message) => {
    const { code, stdout, stderr } = await norc(['trust', 'audit', ...words()]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

function fileOf(text: string): string {
  counter += 1;
  const path = join(base, `file-${counter}.pem`);
  writeFileSync(path, text);
  return path;
}

function folderWith(text: string): string {
  const folder = folderOf([]);
  writeFileSync(join(folder, 'journal.jsonl'), text);
  return folder;
}
