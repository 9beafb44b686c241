/**
 * Writes the pages of the site into a folder, for VitePress to build: `node scripts/write.mjs`. With `--out FOLDER` somewhere else than where VitePress
 * looks for them; with `--no-api` without the pages of the API, which take longest.
 */
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sitePages } from './pages.mjs';
import { picturesOf } from './pictures/pictures.mjs';
import { root } from './repository.mjs';
import { sidebarOf } from './sidebar.mjs';
import { entries, pictureFile } from './techniques.mjs';

const { values } = parseArgs({
  options: { out: { type: 'string' }, api: { type: 'boolean', default: true } },
  allowNegative: true,
});
const out = values.out ?? fileURLToPath(new URL('../.site', import.meta.url));

const fileOf = address => `${address.endsWith('/') ? `${address}index` : address}.md`;
async function write(path, text) {
  const file = join(out, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

await rm(out, { recursive: true, force: true });
let exported = new Map();
if (values.api) {
  // TypeDoc takes a second to load
  const { writeApi } = await import('./api.mjs');
  exported = await writeApi(join(out, 'api'));
}
const pictures = await picturesOf(entries);
const { pages, images, packages } = sitePages(pictures, exported);
for (const [address, page] of pages) await write(fileOf(address), `${page.trim()}\n`);
await mkdir(join(out, 'public'), { recursive: true });
for (const entry of entries) {
  const picture = pictures.get(entry.name);
  if (picture) await write(join('public', pictureFile(entry)), picture.svg);
}
for (const [name, path] of images) await copyFile(`${root}${path}`, join(out, 'public', name));
await copyFile(`${root}apps/demo/public/icon.svg`, join(out, 'public', 'icon.svg'));
await write('sidebar.json', JSON.stringify(sidebarOf(packages)));
console.log(`${pages.size} pages in ${out}${values.api ? ', and those of the API' : ''}`);
