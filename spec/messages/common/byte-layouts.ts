/**
 * The two byte layouts of the protocol, big-endian, without gaps: the associated data of every AEAD
 * (AAD_v1) and the header of a binary frame. Writers and readers walk these tables.
 */
export interface LayoutMember {
  readonly name: string;
  readonly widthBytes: number;
  readonly source: string;
}

/** AAD_v1: 95 bytes, eight members in this order (X-AAD-01, L-E08). */
export const aadV1 = [
  { name: 'proto_major', widthBytes: 1, source: 'M 6.10' },
  { name: 'proto_minor', widthBytes: 1, source: 'M 6.10' },
  // The registry code of the end-to-end type (X-AAD-05).
  { name: 'message_type', widthBytes: 1, source: 'M 6.10, X-AAD-05' },
  // 0 when unsequenced (X-AAD-02). The vector shows nine bytes; eight is right (L-E08).
  { name: 'sequence_number', widthBytes: 8, source: 'M 6.10, L-E08' },
  { name: 'message_id', widthBytes: 16, source: 'M 6.10' },
  // Padded, with the tag (X-AAD-04).
  { name: 'ciphertext_length', widthBytes: 4, source: 'M 6.10, X-AAD-04' },
  { name: 'prev_message_hash', widthBytes: 32, source: 'M 6.10' },
  // Zero outside handshakes (L-E07).
  { name: 'transcript_hash', widthBytes: 32, source: 'M 6.10, L-E07' },
] as const satisfies readonly LayoutMember[];

/** Header of a binary frame: 62 bytes, followed by the ciphertext (X-FMT-01, L-W01). */
export const binaryFrame = [
  // The major version.
  { name: 'version', widthBytes: 1, source: 'M 8.1, L-W01' },
  { name: 'type', widthBytes: 1, source: 'M 8.1, M 8.3' },
  // Bytes of ciphertext that follow the header.
  { name: 'length', widthBytes: 4, source: 'M 8.1, L-W01' },
  { name: 'message_id', widthBytes: 16, source: 'M 8.1' },
  // Of the hop: per connection and direction (L-H08).
  { name: 'sequence_number', widthBytes: 8, source: 'M 8.1, L-H08' },
  { name: 'prev_hash', widthBytes: 32, source: 'M 8.1, L-H08' },
] as const satisfies readonly LayoutMember[];

export const widthBytes = (layout: readonly LayoutMember[]): number =>
  layout.reduce((sum, member) => sum + member.widthBytes, 0);
