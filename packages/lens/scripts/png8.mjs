/** A PNG of 256 colors: half the size of a screenshot, for pages that are paper and ink. */
import { crc32, deflateSync } from 'node:zlib';

/** Bits of each channel by which colors are told apart. */
const BITS = 5;

/** The 256 commonest colors, and for each pixel the nearest of them. */
function quantized(rgba) {
  const shift = 8 - BITS;
  const binOf = i => ((rgba[i] >> shift) << (2 * BITS)) | ((rgba[i + 1] >> shift) << BITS) | (rgba[i + 2] >> shift);
  const bins = new Map();
  for (let i = 0; i < rgba.length; i += 4) {
    const bin = binOf(i);
    const sum = bins.get(bin) ?? [0, 0, 0, 0];
    bins.set(bin, [sum[0] + 1, sum[1] + rgba[i], sum[2] + rgba[i + 1], sum[3] + rgba[i + 2]]);
  }
  const means = [...bins].map(([bin, [n, r, g, b]]) => ({ bin, n, color: [r / n, g / n, b / n] }));
  const palette = means.sort((a, b) => b.n - a.n).slice(0, 256);
  const distance = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const nearest = color =>
    palette.reduce((best, p, i) => (distance(p.color, color) < distance(palette[best].color, color) ? i : best), 0);
  const index = new Map(means.map(({ bin, color }) => [bin, nearest(color)]));
  const pixels = new Uint8Array(rgba.length / 4);
  for (let i = 0; i < rgba.length; i += 4) pixels[i / 4] = index.get(binOf(i));
  return { palette: palette.flatMap(({ color }) => color.map(Math.round)), pixels };
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

/** @param rgba width × height × 4 bytes */
export function png8(rgba, width, height) {
  const { palette, pixels } = quantized(rgba);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(lines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
