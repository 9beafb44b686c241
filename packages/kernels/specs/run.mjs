/**
 * Runs TF.js' own specs (operators, gradients, optimizers, engine) on its wasm or cpu backend, in Node: as it comes, or with what of ours is for it,
 * kernels and gradients, or gradients alone.
 *
 *     node run.mjs [--backend cpu] [--ours] [--filter regex] [--json file]
 *
 * Order and random numbers are the same in every run. Exits with 0 when every spec was run, whether it passed or not.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import jasmineCore from 'jasmine-core';
import { bundle } from './bundle.mjs';

const { values: options } = parseArgs({
  options: {
    backend: { type: 'string', default: 'wasm' },
    ours: { type: 'boolean' },
    filter: { type: 'string' },
    json: { type: 'string' },
  },
});
const say = text => process.stdout.write(`${text}\n`);

const jasmine = jasmineCore.boot();
// ends what hangs; a machine that is busy may take as long as it needs
jasmine.DEFAULT_TIMEOUT_INTERVAL = 600_000;
const env = jasmine.getEnv();
const filter = new RegExp(options.filter ?? '');
env.configure({
  random: false,
  // specs bound to a backend have its name in theirs; the rest test utilities
  specFilter: spec => spec.getFullName().includes(` ${options.backend} {}`) && filter.test(spec.getFullName()),
});

const start = performance.now();
for (const method of ['log', 'info', 'warn', 'error']) console[method] = () => {};
const { setBackend, alea, install } = await load();
const report = await prepare();
const specs = await execute();
const count = wanted => specs.filter(({ status }) => status === wanted).length;
const summary = { passed: count('passed'), failed: count('failed'), total: specs.length };
if (options.json)
  await writeFile(
    options.json,
    JSON.stringify({ ...summary, kernels: report.kernels, gradients: report.gradients, specs }, null, 1),
  );
if (options.filter) for (const { name, message } of specs) if (message) say(`FAIL ${name}\n  ${message}`);
const seconds = ((performance.now() - start) / 1000).toFixed(1);
say(`${summary.passed} passed, ${summary.failed} failed of ${summary.total} (${seconds} s)`);
process.exit(specs.length > 0 ? 0 : 1);

/** Bundles the specs and declares them to jasmine. */
async function load() {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-specs-'));
  try {
    const file = join(folder, 'specs.mjs');
    await bundle(file, options);
    return await import(pathToFileURL(file).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A backend in place, with ours if asked for. */
async function prepare() {
  await setBackend(options.backend);
  if (!options.ours) return { kernels: [], gradients: [] };
  const report = await install();
  if (!report.installed) throw new Error(`Ours were not installed: ${JSON.stringify(report)}`);
  for (const what of ['kernels', 'gradients'])
    say(`${report[what].length} ${what} of ours: ${report[what].join(', ')}`);
  return report;
}

/** Runs what was declared; a failure outside a spec, as in afterAll, counts as a failed spec. */
async function execute() {
  const specs = [];
  const seen = new Map();
  const add = (name, status, failures) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const message = failures.map(failure => failure.message.slice(0, 1000)).join('\n');
    specs.push({ name: times === 1 ? name : `${name} (${times})`, status, ...(message && { message }) });
    if (specs.length % 1000 === 0) say(`${specs.length} specs`);
  };
  env.addReporter({
    specDone({ fullName, status, failedExpectations }) {
      if (status === 'passed' || status === 'failed') add(fullName, status, failedExpectations);
    },
    suiteDone({ fullName, failedExpectations }) {
      if (failedExpectations.length > 0) add(`${fullName} (outside its specs)`, 'failed', failedExpectations);
    },
    jasmineDone({ failedExpectations }) {
      if (failedExpectations.length > 0) add('(outside all specs)', 'failed', failedExpectations);
    },
  });
  env.beforeEach(() => {
    Math.random = alea('keepprob');
  });
  await env.execute();
  return specs;
}
