/** One command that runs a case again as it was run. */
import type { Case } from '../../test/conformance/case.ts';
import { quoted } from '../quoted.ts';
import type { TestPlan } from './options.ts';
import type { Subject } from './subject.ts';

export function rerunLine(plan: TestPlan, theCase: Case): string {
  return [
    'npx norc test',
    ...targetWords(plan.subject),
    ...(plan.ground === 'sockets' ? [] : [`--ground ${plan.ground}`]),
    ...(plan.at === '2.0' ? [] : [`--at ${plan.at}`]),
    ...[...plan.readings].map(([id, key]) => `--reading ${id}=${key}`),
    `--seed ${quoted(plan.seed)}`,
    `--only ${theCase.id}`,
  ].join(' ');
}

/** What says on a command line which subject it is. */
export function targetWords(subject: Subject): readonly string[] {
  switch (subject.kind) {
    case 'reference':
      return limitWords(subject);
    case 'command':
      return [`--command ${quoted(subject.line)}`, ...limitWords(subject)];
    case 'image':
      return [`--image ${quoted(subject.image)}`, ...limitWords(subject)];
    case 'file':
      return [quoted(subject.path)];
    case 'url': {
      const { serverId, identity, caFile } = subject.facts;
      return [
        `--url ${quoted(subject.url.href)} --server-id ${quoted(serverId)}`,
        // A report may be published: the token is not for it.
        '--token "$NORC_ENROLMENT_TOKEN"',
        'publicKey' in identity
          ? `--public-key ${identity.publicKey}`
          : `--certificate ${quoted(identity.certificateFile)}`,
        ...(caFile === undefined ? [] : [`--ca ${quoted(caFile)}`]),
      ];
    }
  }
}

function limitWords({ readyWithinMs }: { readonly readyWithinMs?: number }): readonly string[] {
  return readyWithinMs === undefined ? [] : [`--ready-within ${readyWithinMs / 1000}`];
}
