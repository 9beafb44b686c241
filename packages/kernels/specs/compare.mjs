/**
 * Runs TF.js' own specs on a backend as it comes and with ours, and names every spec whose outcome differs.
 *
 *     node compare.mjs [cpu]
 *
 * Exits with 1 when a spec regressed, or, on wasm, fewer than 60 were mended.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const leastMended = 60;

/**
 * What both runs gave, of the specs whose names the filter matches. A spec counts as regressed unless stock failed it, in its run or in a second one made to find flaky specs.
 */
export async function compareSpecs(filter = '', backend = 'wasm') {
  const runSpecs = (...flags) => runOnce('--backend', backend, '--filter', filter, ...flags);
  const [stock, ours] = await Promise.all([runSpecs(), runSpecs('--ours')]);
  const names = [...new Set([...stock.status.keys(), ...ours.status.keys()])];
  const mended = names.filter(name => stock.status.get(name) === 'failed' && ours.status.get(name) === 'passed');
  let regressed = names.filter(name => stock.status.get(name) !== 'failed' && ours.status.get(name) !== 'passed');
  if (regressed.length > 0) {
    const again = await runSpecs();
    regressed = regressed.filter(name => again.status.get(name) !== 'failed');
  }
  const counts = ({ passed, failed }) => ({ passed, failed });
  return { stock: counts(stock), ours: counts(ours), regressed, mended };
}

/** One run in a process of its own. */
async function runOnce(...flags) {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-specs-'));
  try {
    const json = join(folder, 'specs.json');
    const program = fileURLToPath(new URL('./run.mjs', import.meta.url));
    await promisify(execFile)(process.execPath, [program, '--json', json, ...flags], { maxBuffer: 2 ** 24 });
    const { passed, failed, specs } = JSON.parse(await readFile(json, 'utf8'));
    return { passed, failed, status: new Map(specs.map(({ name, status }) => [name, status])) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const backend = process.argv[2] ?? 'wasm';
  const { stock, ours, regressed, mended } = await compareSpecs('', backend);
  for (const [title, names] of Object.entries({ mended, regressed })) {
    console.log(`${names.length} ${title}`);
    for (const name of names) console.log(`  ${name}`);
  }
  for (const [title, { passed, failed }] of Object.entries({ stock, ours })) {
    console.log(`${title}: ${passed} passed, ${failed} failed of ${passed + failed}`);
  }
  process.exitCode = regressed.length > 0 || (backend === 'wasm' && mended.length < leastMended) ? 1 : 0;
}
