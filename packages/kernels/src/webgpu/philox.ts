/** Philox4x32-7 in WGSL, which has no 32 × 32 → 64 bit product: two products at a time, from 16-bit halves. */
import { M, M_HIGH, M_LOW, ROUNDS, W } from '../gpu/philox.ts';

/** `philox(block)`: four words of the stream given by the uniforms `head` (vec4) and `key` (vec2). */
export const philox = `
  fn productHigh(a : vec2<u32>) -> vec2<u32> {
    let sixteen = vec2<u32>(16u);
    let aLow = a & vec2<u32>(0xffffu);
    let aHigh = a >> sixteen;
    let middle = aHigh * vec2<u32>(${M_LOW}) + ((aLow * vec2<u32>(${M_LOW})) >> sixteen);
    let crossed = aLow * vec2<u32>(${M_HIGH}) + (middle & vec2<u32>(0xffffu));
    return aHigh * vec2<u32>(${M_HIGH}) + (middle >> sixteen) + (crossed >> sixteen);
  }

  fn philox(block : u32) -> vec4<u32> {
    let start = uniforms.head;
    let m = vec2<u32>(${M});
    let third = productHigh(vec2<u32>(block, 0u)).x ^ start.x;
    var c = vec4<u32>(productHigh(vec2<u32>(0u, third)).y ^ start.y, m.y * third, (m.x * block) ^ start.z, start.w);
    var k = uniforms.key;
    for (var round = 0; round < ${ROUNDS}; round++) {
      let above = productHigh(c.xz);
      let below = c.xz * m;
      c = vec4<u32>(above.y ^ c.y ^ k.x, below.y, above.x ^ c.w ^ k.y, below.x);
      k += vec2<u32>(${W});
    }
    return c;
  }
`;
