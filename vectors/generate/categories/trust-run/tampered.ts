/** What a middleman does: members, signatures and messages changed, cut and moved (L-H03). */
import type { Draft } from '../../category.ts';
import { base64url, filled, flip, fromBase64url } from '../../primitives/bytes.ts';
import type { JsonObject } from '../../primitives/canonical-json.ts';
import { signed } from '../../primitives/signature.ts';
import {
  alice,
  bob,
  mallory,
  signatureMembers,
  steps,
  trustRun,
} from '../../primitives/trust-run.ts';
import { eachChanged, eachDropped } from '../../variation.ts';
import { grounds, refuse } from './scene.ts';

/** On the way: every member, every signature, every message. */
export function altered(): Draft[] {
  const { messages } = trustRun();
  return steps.flatMap((step, at) => {
    const one = messages[at] ?? {};
    const member = signatureMembers[step];
    const { [member]: signature, ...body } = one;
    const bytes = fromBase64url(String(signature));
    const inPlace = (changed: JsonObject): JsonObject[] => messages.with(at, changed);
    return [
      ...[...eachChanged(body), ...eachDropped(body)].map(([what, changed]) =>
        refuse(
          grounds.altered,
          `${step}-${what}`,
          inPlace({ ...changed, [member]: signature ?? null }),
        ),
      ),
      ...[1, 100, 255, 256, 400, 511].map((bit) =>
        refuse(
          grounds.signature,
          `${step}-signature-bit-${bit}`,
          inPlace({ ...one, [member]: base64url(flip(bytes, bit)) }),
        ),
      ),
      refuse(grounds.signature, `${step}-without-signature`, inPlace(body)),
      refuse(
        grounds.signature,
        `${step}-signature-zero`,
        inPlace({ ...one, [member]: base64url(filled(64, 0)) }),
      ),
      refuse(
        grounds.signature,
        `${step}-signed-by-mallory`,
        inPlace(signed(mallory.key, one, member)),
      ),
      refuse(grounds.altered, `${step}-with-a-member-more`, inPlace({ ...one, x_more: 1 })),
    ];
  });
}

/** Messages of one run in another, and runs that lack one. */
export function spliced(): Draft[] {
  const { messages } = trustRun();
  const another = trustRun({ name: 'another run' }).messages;
  const weaker = trustRun({ level: 'basic' }).messages;
  // Both ask at once (L-T27): the other direction, with the same two parties and keys.
  const crossed = trustRun({ name: 'crossed', requester: bob, responder: alice }).messages;
  return [
    ...steps
      .slice(2)
      .map((step, at) =>
        refuse(
          grounds.spliced,
          `${step}-of-another-run`,
          messages.with(at + 2, another[at + 2] ?? {}),
        ),
      ),
    ...steps
      .slice(2)
      .map((step, at) =>
        refuse(
          grounds.spliced,
          `${step}-of-a-weaker-run`,
          messages.with(at + 2, weaker[at + 2] ?? {}),
        ),
      ),
    ...steps
      .slice(2, 5)
      .map((step, at) =>
        refuse(grounds.spliced, `another-run-after-${step}`, [
          ...messages.slice(0, at + 3),
          ...another.slice(at + 3),
        ]),
      ),
    ...steps.map((step, at) =>
      refuse(grounds.crossed, `${step}-of-a-crossed-run`, messages.with(at, crossed[at] ?? {})),
    ),
    refuse(grounds.crossed, 'crossed-run-as-its-own', crossed),
    refuse(grounds.crossed, 'crossed-run-after-the-capabilities', [
      ...messages.slice(0, 2),
      ...crossed.slice(2),
    ]),
    ...steps.map((step, at) => refuse(grounds.order, `${step}-missing`, messages.toSpliced(at, 1))),
    ...steps.map((step, at) =>
      refuse(grounds.order, `${step}-twice`, messages.toSpliced(at, 0, messages[at] ?? {})),
    ),
    ...steps
      .slice(1)
      .map((step, at) =>
        refuse(
          grounds.order,
          `${step}-too-early`,
          messages.with(at, messages[at + 1] ?? {}).with(at + 1, messages[at] ?? {}),
        ),
      ),
    refuse(grounds.order, 'nothing', []),
  ];
}
