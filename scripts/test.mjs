/**
 * Every test but those that are long by nature, browser tests included: `npm test`. With the name of a workspace, or a part of a path,
 * the tests of that alone: `npm test -- lens`, `npm test -- packages/lens/test/cost`. Options are vitest's.
 */
import { existsSync } from 'node:fs';
import { findBrowsers } from './browser.mjs';
import { findServers } from './servers.mjs';
import { counted, run } from './shell.mjs';

/** `lens` would be found in other packages' paths, too. */
const filters = process.argv.slice(2).map(word => {
  const folder = ['packages', 'apps'].map(parent => `${parent}/${word}`).find(path => existsSync(path));
  return folder && /^\w+$/.test(word) ? `${folder}/` : word;
});

const env = await findBrowsers();
await findServers();
const build = await run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'], { env });
const { passed, failed } = build.code === 0 ? await tests() : { passed: 0, failed: 1 };
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** A run that fails without a count, as in a hook, counts as one failure. */
async function tests() {
  const { code, text } = await run('npx', ['vitest', 'run', '--project', '!long*', ...filters], { env });
  const { passed, failed } = counted(text);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}
