/** Ours against stock TensorFlow.js: `npm run bench`, or `npm run bench -- --quick` for a look. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import * as op from './dropoutOp.ts';
import { compare, type Ratio } from './measure.ts';
import { type Size, step, type With } from './step.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false }, out: { type: 'string' } } });
const size: Size = values.quick
  ? { batch: 16, inputs: 64, hidden: 64, outputs: 10 }
  : { batch: 128, inputs: 784, hidden: 512, outputs: 10 };
const elements = values.quick ? 10_000 : 1_000_000;

interface Row extends Ratio {
  readonly backend: string;
  readonly work: string;
}
const rows: Row[] = [];
const bytes: { backend: string; ours: number; stock: number }[] = [];

const arms: Readonly<Record<string, With>> = {
  none: { dropout: false, l2: false },
  dropout: { dropout: true, l2: false },
  L2: { dropout: false, l2: true },
  'dropout + L2': { dropout: true, l2: true },
};

for (const backend of ['wasm', 'cpu']) {
  await tf.setBackend(backend);
  const rounds = values.quick ? 3 : backend === 'wasm' ? 15 : 9;
  const add = (work: string, ratio: Ratio): void => {
    rows.push({ backend, work, ...ratio });
    console.log(cells(rows.at(-1)!).join('   '));
  };
  for (const [name, what] of Object.entries(arms)) {
    const [ours, stock] = [step('ours', size, what), step('stock', size, what)];
    add(`step, ${name}`, await compare(ours.run, stock.run, rounds));
    ours.dispose();
    stock.dispose();
  }
  const x = tf.randomNormal([elements / 100, 100]);
  add('dropout, forward', await compare(op.forward(op.ours, x), op.forward(op.stock, x), 2 * rounds));
  add(
    'dropout, forward + backward',
    await compare(op.withBackward(op.ours, x), op.withBackward(op.stock, x), 2 * rounds),
  );
  x.dispose();
  bytes.push({ backend, ours: op.tapeBytes(op.ours), stock: op.tapeBytes(op.stock) });
}

const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.versions.node}, TensorFlow.js ${tf.version.tfjs}`;
const markdown = [
  `Measured on ${machine}. MLP ${size.inputs}-${size.hidden}-${size.hidden}-${size.outputs}, batch ${size.batch}, momentum, through \`trainOnBatch\`; dropout of ${elements.toLocaleString('en')} elements.`,
  '',
  '| backend | work | ours ms | stock ms | ours / stock | 95 % interval |',
  '|---|---|---|---|---|---|',
  ...rows.map(row => `| ${cells(row).join(' | ')} |`),
  '',
  ...bytes.map(
    b => `Bytes per activation between forward and backward on ${b.backend}: ours ${b.ours}, stock ${b.stock}.`,
  ),
].join('\n');
console.log(`\n${markdown}`);

const folder = values.out ?? 'results';
await mkdir(folder, { recursive: true });
await writeFile(`${folder}/bench.json`, JSON.stringify({ machine, size, elements, rows, bytes }, null, 2));
if (!values.quick) {
  const page = new URL('../../docs/performance.md', import.meta.url);
  const text = await readFile(page, 'utf8');
  await writeFile(
    page,
    text.replace(/<!-- bench -->[\s\S]*<!-- \/bench -->/, `<!-- bench -->\n${markdown}\n<!-- /bench -->`),
  );
}

function cells(row: Row): string[] {
  const ms = (t: number): string => t.toFixed(t < 10 ? 2 : 1);
  return [
    row.backend,
    row.work,
    ms(row.ours),
    ms(row.stock),
    row.ratio.toFixed(2),
    `${row.low.toFixed(2)}–${row.high.toFixed(2)}`,
  ];
}
