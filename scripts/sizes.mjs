/** Writes the sizes of the packages into the README, or with --check sees that they are right to a tenth of a kilobyte. */
import { readFile, writeFile } from 'node:fs/promises';
import { run } from './shell.mjs';

const { text } = await run('npx', ['size-limit', '--json'], { quiet: true });
/** Of the doors; techniques have limits, and no place in the table. */
const sizes = JSON.parse(text.slice(text.indexOf('['))).filter(({ name }) => name.startsWith('@'));
const table = [
  'Minified and gzipped, what an application adds beside TensorFlow.js (each includes what it needs of core):',
  '',
  `| ${sizes.map(({ name }) => `\`${name.replace('@keepprob/', '')}\``).join(' | ')} |`,
  `|${sizes.map(() => '---|').join('')}`,
  `| ${sizes.map(({ size }) => `${(size / 1000).toFixed(1)} kB`).join(' | ')} |`,
].join('\n');

const file = new URL('../README.md', import.meta.url);
const readme = await readFile(file, 'utf8');
const updated = readme.replace(/<!-- sizes -->[\s\S]*<!-- \/sizes -->/, `<!-- sizes -->\n${table}\n<!-- /sizes -->`);
if (!process.argv.includes('--check')) await writeFile(file, updated);
else if (updated !== readme) {
  console.error(`The sizes in the README are not those of the build. Run \`node scripts/sizes.mjs\`.\n${table}`);
  process.exitCode = 1;
}
