/**
 * Asking issuers about their certificates (RFC 6960 A.1, RFC 5280 4.2.1.13): as requester about our
 * own chain, to show the answers; as responder, where policy says so, about what was not shown. One
 * question for each certificate and never more (S-31); good answers are remembered while they are
 * fresh, because nobody but the issuer could have made them.
 */
import { limits } from '../../../spec/limits.ts';
import type { FetchOutcome } from '../../core.ts';
import type { CertificateFacts } from '../../crypto/x509.ts';
import { bytesOf, encodeBase64url } from '../../wire/base64url.ts';
import type { Scope } from '../scope.ts';
import type { ReadChain } from './chain.ts';
import { type Issued, issuedIn, type RevocationEvidence, statusOf } from './revocation-status.ts';

/** What has come so far. Plain JSON, all base64url. */
export interface IssuerAnswers {
  /** Fetches that have not come back. */
  readonly outstanding: readonly string[];
  readonly ocspResponses: readonly string[];
  readonly crls: readonly string[];
}

export const noAnswers: IssuerAnswers = { outstanding: [], ocspResponses: [], crls: [] };

const MOST_REMEMBERED = 4096;

/** `stem`: begins the names of the fetches. What `shown` proves already is not asked. */
export function askIssuers(
  scope: Scope,
  stem: string,
  read: ReadChain,
  shown: RevocationEvidence,
): IssuerAnswers {
  const { x509, now } = scope.context;
  let answers = noAnswers;
  for (const [at, issued] of issuedIn(read).entries()) {
    if (statusOf(x509, issued, shown, now) !== 'unknown') continue;
    const known = remembered(scope, issued);
    if (known !== undefined) answers = withOcsp(answers, known);
    else if (ask(scope, `${stem}/${at}`, issued)) {
      answers = { ...answers, outstanding: [...answers.outstanding, `${stem}/${at}`] };
    }
  }
  return answers;
}

/** False where the certificate does not say whom to ask. */
function ask({ context }: Scope, fetch: string, { der, issuer }: Issued): boolean {
  const facts = context.x509.read(der);
  const body = context.x509.ocspRequest(der, issuer);
  const [ocspUrl] = facts?.ocspUrls ?? [];
  const [crlUrl] = facts?.crlUrls ?? [];
  if (ocspUrl !== undefined && body) {
    const contentType = 'application/ocsp-request';
    const maxBytes = limits.ocspResponseBytes;
    context.emit({
      ...{ type: 'fetch', fetch, url: ocspUrl, method: 'POST' },
      ...{ body, contentType, maxBytes },
    });
    return true;
  }
  if (crlUrl === undefined) return false;
  const maxBytes = limits.x509CrlBytes;
  context.emit({
    ...{ type: 'fetch', fetch, url: crlUrl, method: 'GET' },
    ...{ body: null, contentType: null, maxBytes },
  });
  return true;
}

/** Null when nobody waits for this fetch. */
export function takeIssuerAnswer(
  scope: Scope,
  read: ReadChain,
  answers: IssuerAnswers,
  fetch: string,
  outcome: FetchOutcome,
): IssuerAnswers | null {
  if (!answers.outstanding.includes(fetch)) return null;
  const left = {
    ...answers,
    outstanding: answers.outstanding.filter((other) => other !== fetch),
  };
  const issued = issuedIn(read)[Number(fetch.split('/').at(-1))];
  if (!issued || outcome.fetched !== 'answer' || outcome.status !== 200) return left;
  const bytes = encodeBase64url(outcome.bytes);
  if (scope.context.x509.readOcsp(outcome.bytes, issued.der, issued.issuer)) {
    remember(scope, issued, bytes);
    return withOcsp(left, bytes);
  }
  return { ...left, crls: [...left.crls, bytes] };
}

function withOcsp(answers: IssuerAnswers, bytes: string): IssuerAnswers {
  return { ...answers, ocspResponses: [...answers.ocspResponses, bytes] };
}

export function evidenceOf({ ocspResponses, crls }: IssuerAnswers): RevocationEvidence {
  return { ocspResponses: ocspResponses.map(bytesOf), crls: crls.map(bytesOf) };
}

function remember(scope: Scope, issued: Issued, bytes: string): void {
  const { issuerAnswers } = scope.state;
  const facts = scope.context.x509.read(issued.der);
  if (!facts || !isGood(scope, issued, bytes)) return;
  issuerAnswers.set(keyOf(facts), bytes);
  if (issuerAnswers.size <= MOST_REMEMBERED) return;
  const [oldest] = issuerAnswers.keys();
  if (oldest !== undefined) issuerAnswers.delete(oldest);
}

function remembered(scope: Scope, issued: Issued): string | undefined {
  const facts = scope.context.x509.read(issued.der);
  const bytes = facts && scope.state.issuerAnswers.get(keyOf(facts));
  return bytes !== undefined && isGood(scope, issued, bytes) ? bytes : undefined;
}

function isGood({ context }: Scope, issued: Issued, bytes: string): boolean {
  const evidence = { ocspResponses: [bytesOf(bytes)], crls: [] };
  return statusOf(context.x509, issued, evidence, context.now) === 'good';
}

const keyOf = ({ fingerprint }: CertificateFacts): string => fingerprint;
