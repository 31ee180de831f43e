/** AAD_v1 (L-E08): 95 bytes, big-endian. */
import { concat, fromHex, integer } from './bytes.ts';

export interface AadFields {
  readonly major: number;
  readonly minor: number;
  readonly message_type: number;
  /** Decimal. */
  readonly sequence_number: string;
  /** Hex, as all that follow. */
  readonly message_id: string;
  readonly ciphertext_length: number;
  readonly prev_message_hash: string;
  readonly transcript_hash: string;
}

export function aad(fields: AadFields): Uint8Array {
  return concat(
    integer(fields.major, 1),
    integer(fields.minor, 1),
    integer(fields.message_type, 1),
    integer(BigInt(fields.sequence_number), 8),
    fromHex(fields.message_id),
    integer(fields.ciphertext_length, 4),
    fromHex(fields.prev_message_hash),
    fromHex(fields.transcript_hash),
  );
}
