/** A grey picture as an address of data: PNG (ISO/IEC 15948) with 8 bits for each pixel. */
import { crc32, deflateSync } from 'node:zlib';

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** @param pixels row by row, 0 is white and 1 is black */
export function png(pixels, width) {
  const height = pixels.length / width;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const lines = Buffer.alloc(height * (width + 1));
  for (const [i, value] of pixels.entries()) {
    const ink = Math.min(1, Math.max(0, value));
    lines[Math.floor(i / width) * (width + 1) + 1 + (i % width)] = Math.round(255 * (1 - ink));
  }
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))];
  const file = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
  return `data:image/png;base64,${file.toString('base64')}`;
}
