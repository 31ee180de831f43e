/** Links up to the handshake: whether the subject takes them, and what it says to an offer. */
import type { RequirementId } from '../../../../../spec/emitted/requirement-ids.ts';
import type { Answer, HandshakeOptions, Link, LinkOptions, Peer } from '../../../actors/peer.ts';
import { SubjectMisbehaved, Untestable } from '../../../case.ts';
import type { Stage } from '../../../stage.ts';
import { checkRefused, type Expected, told } from './answers.ts';

/** A link that the subject must take. */
export async function dialled(peer: Peer, options?: LinkOptions): Promise<Link> {
  const link = await peer.dial(options);
  if (!link.refused) return link;
  throw new SubjectMisbehaved('an honest link was refused', 'a link', link.reason);
}

/** The subject's answer to an offer that may be bent; nothing of it is judged. */
export async function offered(
  { crypto }: Stage,
  peer: Peer,
  { link: on, ...options }: HandshakeOptions & { readonly link: Link },
): Promise<Answer> {
  const { handshake: bend, resign = true } = options;
  const honest = on.composeHandshake(options);
  if (!bend) return on.request(honest);
  const { signature, ...bent } = bend(honest);
  const kept = { ...bent, ...(signature !== undefined && { signature }) };
  return on.requestRaw(resign ? { ...bent, signature: crypto.sign(peer.key, bent) } : kept);
}

/** Offers on a link of its own, and the refusal that comes of it. */
export async function checkOfferRefused(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  { dial, ...options }: HandshakeOptions & Expected & { readonly dial?: LinkOptions },
): Promise<void> {
  const { what, codes, orBroken, ...offer } = options;
  const link = await dialled(peer, dial);
  const answer = await offered(stage, peer, { ...offer, link });
  const expected = { what, ...(codes && { codes }), ...(orBroken && { orBroken }) };
  checkRefused(stage, id, answer, expected);
  await link.close();
}

/**
 * No session comes of such a link: refused by TLS at once, or cut when the first word is said. In
 * TLS 1.3 the side that dials does not know at once that its certificate is not accepted.
 */
export async function checkNoSession(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  { dial, what }: { readonly dial?: LinkOptions; readonly what: string },
): Promise<void> {
  const link = await peer.dial(dial);
  const answer = link.refused ? null : await link.requestRaw({ ...link.composeHandshake() });
  const isOpen = answer?.message?.type === 'federation_handshake_response';
  stage.check(id, !isOpen, {
    what,
    expected: 'no link, or one that is cut before the handshake is answered',
    got: answer ? told(answer) : 'refused',
  });
}

/** Ended by TLS or right after it, before anything is said. */
export async function checkCut(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  { dial, what }: { readonly dial: LinkOptions; readonly what: string },
): Promise<void> {
  const link = await peer.dial(dial);
  const isCut = link.refused || (await link.closed({ withinMs: 1500 }));
  stage.check(id, isCut, { what, expected: 'a TLS alert', got: isCut ? 'cut' : 'an open link' });
}

/** The same peer, or an honest one, comes through. */
export async function checkSession(
  stage: Stage,
  id: RequirementId,
  peer: Peer,
  what = 'an honest link',
): Promise<void> {
  const link = await peer.dial();
  const answer = link.refused ? null : await link.request(link.composeHandshake());
  stage.check(id, answer?.message?.type === 'federation_handshake_response', {
    what,
    expected: 'federation_handshake_response',
    got: answer ? told(answer) : 'refused',
  });
}

export function mustSpeak({ subject }: Stage, ...versions: readonly string[]): void {
  const missing = versions.find((version) => !subject.versions.includes(version));
  if (missing !== undefined) throw new Untestable(`the subject does not speak ${missing}`);
}

export function mustOffer({ subject }: Stage, capability: string): void {
  if (subject.capabilities.includes(capability)) return;
  throw new Untestable(`the subject does not offer ${capability}`);
}
