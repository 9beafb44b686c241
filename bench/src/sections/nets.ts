/** One training step of the nets that people train: ours against stock wasm, stock cpu, and PyTorch where it is installed. */
import { compare, compareWithin, type Effort, median, type Ratio, type Sample, timed } from '../measure.ts';
import type { Kind, Step } from '../models.ts';
import { type Net, netsOf } from '../nets/nets.ts';
import { arm, enter, type Place } from '../places.ts';
import { digits, milliseconds, type Result, ratioCells, Table } from '../section.ts';
import { startTorch, type Torch, told } from '../torch.ts';

type Other = 'wasm' | 'cpu' | 'PyTorch';
interface Row extends Ratio {
  readonly net: string;
  /** What ours is compared with. */
  readonly to: Other;
}

/** A dense one, one that stock wasm cannot train, and a recurrent one. */
const QUICK = ['mlp', 'feedforward', 'simpleRNN'];
/** A first step of so many milliseconds is not repeated. */
const LONG = 3000;
const HEADER = ['net, one step', 'ours ms', 'stock wasm ms', 'stock cpu ms', 'PyTorch ms', 'ours / stock wasm'];
/** Of a net in turns with PyTorch: so many blocks of so many steps. */
const BLOCKS = { quick: { steps: 2, rounds: 2 }, full: { steps: 20, rounds: 15 } };

export async function nets(quick: boolean): Promise<Result> {
  const effort: Effort = quick
    ? { sample: 0, budget: 1, rounds: [2, 2] }
    : { sample: 100, budget: 5000, rounds: [3, 15] };
  const torch = await startTorch();
  const table = new Table(...HEADER, 'ours / PyTorch', '95 % interval');
  const rows: Row[] = [];
  const thrown: string[] = [];
  for (const [name, net] of Object.entries(netsOf(quick)).filter(([n]) => !quick || QUICK.includes(n))) {
    const [wasm, cpu] = [await againstStock(net, 'wasm', effort), await againstStock(net, 'cpu', effort)];
    const peer = torch && (await againstTorch(name, net, torch, BLOCKS[quick ? 'quick' : 'full']));
    const compared = { wasm, cpu, PyTorch: peer };
    for (const [to, ratio] of Object.entries(compared)) if (ratio) rows.push({ net: name, to: to as Other, ...ratio });
    if (!wasm) thrown.push(name);
    const ours = (peer ?? wasm ?? cpu)?.ours;
    const times = [ours, wasm?.other, cpu?.other, peer?.other].map((ms, i) =>
      ms === undefined ? (i === 1 ? 'throws' : '') : milliseconds(ms),
    );
    table.add(net.title, ...times, wasm ? digits(wasm.ratio) : '', ...(peer ? ratioCells(peer, 1.5) : ['', '']));
  }
  torch?.end();
  const means = (['wasm', 'cpu', 'PyTorch'] as const).flatMap(to => meanOf(to, rows));
  const markdown = [`${torch ? told(torch.about) : 'PyTorch is not on this machine'}.`, '', table, '', ...means];
  return { data: { rows, thrown, about: torch?.about }, markdown: markdown.join('\n') };
}

/** The geometric mean of the ratios to one of the others. */
function meanOf(to: Other, rows: readonly Row[]): string[] {
  const logs = rows.filter(row => row.to === to).map(({ ratio }) => Math.log(ratio));
  if (!logs.length) return [];
  const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
  const name = to === 'PyTorch' ? to : `stock ${to}`;
  return [`- Ours / ${name}, geometric mean of ${logs.length} nets: ${digits(mean)}.`];
}

/** Undefined where stock throws: wasm has no gradient of a convolution by its filter, nor of an embedding. */
async function againstStock({ make }: Net, place: Place, effort: Effort): Promise<Ratio | undefined> {
  const ours = await made(make, 'ours', 'kernels');
  const stock = await made(make, 'stock', place);
  const [a, b] = [arm('kernels', ours.run), arm(place, stock.run)];
  try {
    const first = await msOf(stock);
    if (first === undefined) return undefined;
    // the cpu backend needs up to a minute for a step of convolutions
    return first > LONG ? await compare(timed(a.work, a), async () => first, 1) : await compareWithin(effort, a, b);
  } finally {
    await enter(place);
    stock.dispose();
    await enter('kernels');
    ours.dispose();
  }
}

interface Blocks {
  readonly steps: number;
  readonly rounds: number;
}

async function againstTorch(name: string, { make }: Net, torch: Torch, { steps, rounds }: Blocks): Promise<Ratio> {
  const ours = await made(make, 'ours', 'kernels');
  const one = timed(ours.run);
  const block: Sample = async () => {
    const times: number[] = [];
    for (let i = 0; i < steps; i++) times.push(await one());
    return median(times);
  };
  try {
    return await compare(block, async () => median(await torch.times(name, steps)), rounds, 1);
  } finally {
    ours.dispose();
  }
}

async function made(make: (kind: Kind) => Step, kind: Kind, place: Place): Promise<Step> {
  await enter(place);
  return make(kind);
}

/** Milliseconds of the first step; undefined where it throws. */
async function msOf({ run }: Step): Promise<number | undefined> {
  try {
    return await timed(run)();
  } catch {
    return undefined;
  }
}
