/**
 * The tests that are long by nature: `npm run test:long`. With `--minutes 10` none is begun later than that, and those that were not
 * are named; the next run of all of them is theirs.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { findBrowsers } from './browser.mjs';
import { findServers } from './servers.mjs';
import { counted, root, run } from './shell.mjs';

const { values, positionals } = parseArgs({ options: { minutes: { type: 'string' } }, allowPositionals: true });
const end = performance.now() + Number(values.minutes ?? Infinity) * 60_000;
const env = await findBrowsers();
await findServers();
const vitest = (command, ...args) =>
  run('npx', ['vitest', command, '--project', 'long*', ...args], { env, quiet: true });

const total = { passed: 0, failed: 0 };
const build = await run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'], { env });
const listed = await vitest('list', ...positionals, '--filesOnly', '--json');
if (build.code !== 0 || listed.code !== 0) {
  console.log(listed.text);
  total.failed++;
} else {
  // a file that runs in two browsers is listed for each
  const found = JSON.parse(listed.text.slice(listed.text.indexOf('['))).map(({ file }) => file);
  const files = [...new Set(found)];
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, () => work(files)));
  for (const file of files) console.log(`not run for want of time: ${file.replace(root, '')}`);
}
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Runs one file after another of those that are left. */
async function work(files) {
  while (files.length > 0 && performance.now() < end) {
    const { code, text } = await vitest('run', files.shift());
    console.log(text);
    const { passed, failed } = counted(text);
    total.passed += passed;
    total.failed += code !== 0 && failed === 0 ? 1 : failed;
  }
}
