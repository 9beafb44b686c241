/** Pictures of the site with their width and height, so that the text below keeps its place when they come. */
import { readFileSync } from 'node:fs';

const PUBLIC = new URL('../.site/public/', import.meta.url);

/** Of an SVG, as it says itself; of a PNG, from its header. */
function sizeOf(name) {
  const bytes = readFileSync(new URL(name, PUBLIC));
  if (name.endsWith('.png')) return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  const [, tag = ''] = /<svg([^>]*)>/.exec(bytes.toString('utf8')) ?? [];
  const [width, height] = ['width', 'height'].map(side => Number(new RegExp(` ${side}="([\\d.]+)"`).exec(tag)?.[1]));
  if (!(width > 0 && height > 0)) throw new Error(`${name} does not say its width and height.`);
  return { width, height };
}

/** A plugin of markdown-it: pictures of the site get both. */
export function imageSizes(md) {
  md.core.ruler.push('image-sizes', ({ tokens }) => {
    for (const { children } of tokens)
      for (const token of children ?? []) {
        const src = token.type === 'image' ? token.attrGet('src') : '';
        if (!src?.startsWith('/')) continue;
        const { width, height } = sizeOf(src.slice(1));
        token.attrSet('width', `${Math.round(width)}`);
        token.attrSet('height', `${Math.round(height)}`);
      }
  });
}
