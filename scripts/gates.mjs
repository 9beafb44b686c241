/** What is held of the repository besides its tests: `npm run gates`. Ends with `N passed, N failed`; each gate counts as one. */
import { readdirSync } from 'node:fs';
import { run } from './shell.mjs';

const packages = readdirSync(new URL('../packages/', import.meta.url)).map(name => `packages/${name}`);
const turbo = (...args) => run('npx', ['turbo', 'run', ...args, '--output-logs=errors-only'], { quiet: true });
const ok = async promise => {
  const { code, text } = await promise;
  return code === 0 ? undefined : text;
};

/** Each gate gives undefined, or what is wrong. */
const gates = {
  build: () => ok(turbo('build')),
  'a second build is all cache hits': async () => {
    const { text } = await turbo('build');
    return /FULL TURBO/.test(text) ? undefined : text;
  },
  lint: () => ok(run('npx', ['biome', 'check', '.'], { quiet: true })),
  types: () => ok(turbo('typecheck')),
  'nothing unused': () => ok(run('npx', ['knip', '--no-progress'], { quiet: true })),
  'no import circles, one way between packages': () => ok(run('npm', ['run', '--silent', 'arrows'], { quiet: true })),
  ...Object.fromEntries(
    packages.flatMap(path => [
      [`publint ${path}`, () => ok(run('npx', ['publint', '--strict', path], { quiet: true }))],
      [
        `types of ${path} as packed`,
        () => ok(run('npx', ['attw', '--pack', path, '--profile', 'esm-only'], { quiet: true })),
      ],
    ]),
  ),
  'size budget': () => ok(run('npx', ['size-limit'], { quiet: true })),
  'sizes in docs/performance.md': () => ok(run('node', ['scripts/sizes.mjs', '--check'], { quiet: true })),
  'catalogue drift': () => ok(run('node', ['scripts/catalogue.mjs', '--check'], { quiet: true })),
  'JSON schema of configs': () => ok(run('node', ['scripts/schema.mjs', '--check'], { quiet: true })),
  'map of the packages': () => ok(run('node', ['scripts/map.mjs', '--check'], { quiet: true })),
  'what the packages offer is as in api/': () => ok(run('node', ['scripts/api.mjs', '--check'], { quiet: true })),
  'documentation site': () => ok(run('npm', ['run', '--silent', 'build', '-w', '@keepprob/docs'], { quiet: true })),
  'lock file is complete': () => ok(run('npm', ['ci', '--dry-run', '--no-audit', '--no-fund'], { quiet: true })),
};

let passed = 0;
let failed = 0;
for (const [name, gate] of Object.entries(gates)) {
  const wrong = await gate();
  console.log(`${wrong === undefined ? 'ok  ' : 'FAIL'} ${name}`);
  if (wrong === undefined) passed++;
  else {
    failed++;
    console.log(wrong);
  }
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
