/** Writes the sizes of the packages into docs/performance.md, or with --check sees that they are right to a tenth of a kilobyte. */
import { readFile, writeFile } from 'node:fs/promises';
import { run } from './shell.mjs';

const { text } = await run('npx', ['size-limit', '--json'], { quiet: true });
/** Of the doors, and of the files for pages without a bundler; techniques have limits, and no place in the table. */
const sizes = JSON.parse(text.slice(text.indexOf('['))).filter(({ name }) => /^(?:@|keepprob\/)/.test(name));
const table = [
  'The sizes are minified and gzipped, and show what an application adds to TensorFlow.js. Each includes what the package needs from `@keepprob/core`.',
  '',
  '| import | size |',
  '|---|---|',
  ...sizes.map(({ name, size }) => `| \`${name}\` | ${(size / 1000).toFixed(1)} kB |`),
].join('\n');

const file = new URL('../docs/performance.md', import.meta.url);
const before = await readFile(file, 'utf8');
const updated = before.replace(/<!-- sizes -->[\s\S]*<!-- \/sizes -->/, `<!-- sizes -->\n${table}\n<!-- /sizes -->`);
if (!process.argv.includes('--check')) await writeFile(file, updated);
else if (updated !== before) {
  console.error(
    `The sizes in docs/performance.md are not those of the build. Run \`node scripts/sizes.mjs\`.\n${table}`,
  );
  process.exitCode = 1;
}
