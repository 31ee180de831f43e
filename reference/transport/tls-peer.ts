/**
 * What TLS tells of the other end, in the words of the cores. Nothing is judged here (F-CONN-04).
 */
import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { TlsPeer } from '../core.ts';
import type { CertificateDer } from '../crypto/x509.ts';

/**
 * For sockets made with an empty list of authorities: OpenSSL then adds none of its own to the
 * chain.
 */
export function tlsPeerOf(socket: TLSSocket, alpnOffer: readonly string[]): TlsPeer {
  const alpn = socket.alpnProtocol;
  return {
    tlsProtocol: socket.getProtocol() ?? 'unknown',
    certificates: chainOf(socket),
    alpnOffer,
    alpn: typeof alpn === 'string' && alpn !== '' ? alpn : null,
  };
}

/** Leaf first, as far as each presented certificate leads to the next. */
function chainOf(socket: TLSSocket): CertificateDer[] {
  const chain: CertificateDer[] = [];
  // Undefined when the peer showed no certificate; a self-signed one may be its own issuer.
  let next: X509Certificate | undefined = socket.getPeerX509Certificate();
  while (next !== undefined) {
    const der = next.raw.toString('base64url');
    if (chain.includes(der)) break;
    chain.push(der);
    next = next.issuerCertificate;
  }
  return chain;
}
