import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32c } from '../../src/checkpoint/crc32c.ts';

/** RFC 3720, appendix B.4; "123456789" is the check value of the CRC catalogues. */
test.each<[string, Uint8Array, number]>([
  ['123456789', new TextEncoder().encode('123456789'), 0xe3069283],
  ['nothing', new Uint8Array(0), 0],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 … 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['31 … 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
])('%s', (_, bytes, crc) => expect(crc32c(bytes)).toBe(crc));

/** Division of polynomials, bit by bit. */
const byBits = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
};

test('any bytes, cut anywhere, have the remainder of the division', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(70), (bytes, cut) => {
      expect(crc32c(bytes)).toBe(byBits(bytes));
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(byBits(bytes));
    }),
  );
});
