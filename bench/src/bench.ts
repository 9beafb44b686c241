/**
 * Ours against stock TensorFlow.js: `npm run bench`, or parts of it: `npm run bench -- --only steps,matMul`.
 * `--quick` for a look; `--out folder` for the numbers alone, without touching docs/performance.md.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { placed } from './page.ts';
import { build } from './places.ts';
import type { Section } from './section.ts';
import { augmentation } from './sections/augmentation.ts';
import { conv } from './sections/conv.ts';
import { cost } from './sections/cost.ts';
import { counts } from './sections/counts.ts';
import { dropout } from './sections/dropoutOp.ts';
import { growth } from './sections/growth.ts';
import { lens } from './sections/lens.ts';
import { loop } from './sections/loop.ts';
import { matMul } from './sections/matMul.ts';
import { nets } from './sections/nets.ts';
import { plugins } from './sections/plugins.ts';
import { search } from './sections/search.ts';
import { steps } from './sections/steps.ts';
import { threads } from './sections/threads.ts';
import { volumes } from './sections/volumes.ts';
import { workers } from './sections/workers.ts';

const sections: Readonly<Record<string, Section>> = {
  steps,
  counts,
  nets,
  threads,
  workers,
  matMul,
  conv,
  volumes,
  dropout,
  growth,
  plugins,
  lens,
  loop,
  cost,
  augmentation,
  search,
};
const groups: Readonly<Record<string, string[]>> = { kernels: ['matMul', 'conv', 'volumes', 'dropout'] };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(sections).join() },
    out: { type: 'string' },
  },
});
const names = values.only.split(',').flatMap(name => groups[name] ?? [name]);
const unknown = names.find(name => !sections[name]);
if (unknown !== undefined) {
  const known = [...Object.keys(sections), ...Object.keys(groups)].join(', ');
  throw new Error(`There is no section '${unknown}'. Name some of: ${known}.`);
}

const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, TensorFlow.js ${tf.version.tfjs}`;
const folder = values.out ?? 'results';
const page = new URL('../../docs/performance.md', import.meta.url);
await mkdir(folder, { recursive: true });

for (const name of names) {
  console.log(`\n## ${name}`);
  const start = performance.now();
  const { data, markdown } = await sections[name]!(values.quick);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${name}: ${seconds} s`);
  await writeFile(`${folder}/${name}.json`, JSON.stringify({ machine, build, seconds, ...data }, null, 2));
  if (!values.quick && values.out === undefined) {
    const measured = `Measured on ${machine}; kernels: ${build}.`;
    const place = build === 'simd' ? name : `${name}:${build}`;
    await writeFile(page, placed(await readFile(page, 'utf8'), place, `${measured}\n\n${markdown}`));
  }
}
