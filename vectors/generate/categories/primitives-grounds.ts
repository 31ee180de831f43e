/** What the vectors of primitives hang on. */
import type { Grounds } from '../category.ts';

export const grounds = {
  signature: { requirements: ['X-SIG-01'], readings: ['L-S11'], flags: ['signature'] },
  malleable: { requirements: ['X-SIG-03'], readings: ['L-S11'], flags: ['malleability'] },
  smallOrder: {
    requirements: ['X-SIG-03', 'C-REG-02'],
    readings: ['L-S11'],
    flags: ['small-order'],
  },
  pure: { requirements: ['X-SIG-07'], readings: ['L-S11'], flags: ['prehash'] },
  agreement: { requirements: ['X-KDF-02'], readings: ['L-X13'], flags: ['agreement'] },
  lowOrder: { requirements: ['X-KDF-07'], readings: [], flags: ['low-order-point'] },
  aead: { requirements: ['X-AAD-03'], readings: [], flags: ['aead'] },
  printed: { requirements: ['X-AAD-03'], readings: ['L-X13'], flags: ['printed-tag'] },
  hash: { requirements: ['X-CAN-15'], readings: ['L-S08'], flags: ['hash'] },
  kem: { requirements: ['X-PQ-04'], readings: ['L-H11'], flags: ['kem'] },
} satisfies Record<string, Grounds>;
