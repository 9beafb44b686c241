/** Philox4x32-7 in GLSL ES 3.00, which has no 32 × 32 → 64 bit product: two products at a time, from 16-bit halves. */
import { M, M_HIGH, M_LOW, ROUNDS, W } from '../gpu/philox.ts';

/** `uvec4 philox(uint block)`: four words of the stream given by the uniforms `head` (ivec4) and `key` (ivec2). */
export const philox = `
  uvec2 productHigh(uvec2 a) {
    uvec2 low = a & 0xffffu;
    uvec2 high = a >> 16u;
    uvec2 middle = high * uvec2(${M_LOW}) + ((low * uvec2(${M_LOW})) >> 16u);
    uvec2 crossed = low * uvec2(${M_HIGH}) + (middle & 0xffffu);
    return high * uvec2(${M_HIGH}) + (middle >> 16u) + (crossed >> 16u);
  }

  uvec4 philox(uint block) {
    uvec4 start = uvec4(head);
    uvec2 m = uvec2(${M});
    // what the first two rounds leave to do
    uint third = productHigh(uvec2(block, 0u)).x ^ start.x;
    uvec4 c = uvec4(productHigh(uvec2(0u, third)).y ^ start.y, m.y * third, (m.x * block) ^ start.z, start.w);
    uvec2 k = uvec2(key);
    for (int round = 0; round < ${ROUNDS}; round++) {
      uvec2 above = productHigh(c.xz);
      uvec2 below = c.xz * m;
      c = uvec4(above.y ^ c.y ^ k.x, below.y, above.x ^ c.w ^ k.y, below.x);
      k += uvec2(${W});
    }
    return c;
  }
`;
