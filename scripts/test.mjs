/** Every test of every workspace, browser tests included: `npm test`. */
import { fileURLToPath } from 'node:url';
import { findBrowser } from './browser.mjs';
import { counted, run } from './shell.mjs';

/** Builds what is tested, runs all tests, and counts them. A workspace that fails without a count counts as one failure. */
export async function runTests() {
  const env = { CHROMIUM_PATH: await findBrowser() };
  const build = await run('npx', ['turbo', 'run', 'build', '--output-logs=errors-only'], { env });
  if (build.code !== 0) return { passed: 0, failed: 1 };
  const { code, text } = await run('npx', ['turbo', 'run', 'test', '--continue', '--force', '--concurrency=1'], {
    env,
  });
  const { passed, failed } = counted(text);
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { passed, failed } = await runTests();
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}
