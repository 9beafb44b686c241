/** How many trials it takes a sampler to come within one standard error of the best point of a table. */
import { mean, variance } from '@keepprob/lens/statistics';
import { type Point, random, randomOf, readSpace, type Sampler, sobol, type Told, tpe } from '@keepprob/search';
import { type Table, tables } from './tables.ts';

const SEEDS = 100;
const samplers: Readonly<Record<string, () => Sampler>> = { tpe, random, sobol };

const keyOf = (point: Point): string =>
  Object.values(point)
    .map(value => value.toFixed(6))
    .join();

/** Points whose mean paired difference to the best is within its standard error, as `oneStandardError` has it. */
export function targets({ rows }: Table): ReadonlySet<string> {
  const [best] = [...rows].sort((a, b) => mean(a.losses) - mean(b.losses));
  const near = rows.filter(row => {
    const differences = row.losses.map((loss, fold) => loss - (best?.losses[fold] ?? Number.NaN));
    return row === best || mean(differences) <= Math.sqrt(variance(differences) / differences.length);
  });
  return new Set(near.map(({ point }) => keyOf(point)));
}

/** Trials until one is within reach; it looks at the table in place of training. */
export function trialsTo(sampler: Sampler, table: Table, within: ReadonlySet<string>, seed: number): number {
  const losses = new Map(table.rows.map(row => [keyOf(row.point), mean(row.losses)]));
  const { dimensions } = readSpace(table.space);
  const told: Told[] = [];
  for (let number = 0; ; number++) {
    const point = sampler.suggest(dimensions, told, randomOf(seed, number));
    if (!point) throw new Error(`${sampler.name} looked at ${number} points and found none within reach`);
    if (within.has(keyOf(point))) return number + 1;
    told.push({ number, point, state: 'complete', value: losses.get(keyOf(point)) ?? Number.NaN });
  }
}

/** The median with an interval that holds it with a confidence of 95 %, whatever the distribution: two order statistics (n/2 ± 0.98 √n). */
function medianOf(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const [half, reach] = [sorted.length / 2, 0.98 * Math.sqrt(sorted.length)];
  const low = sorted[Math.floor(half - reach)];
  const high = sorted[Math.ceil(half + reach)];
  return `${sorted[Math.floor(half)]} (${low}–${high})`;
}

export async function reachTable(): Promise<string> {
  const lines = [
    ['space', 'points', 'within reach', ...Object.keys(samplers)],
    ['---', '---', '---', ...Object.keys(samplers).map(() => '---')],
  ];
  for (const table of Object.values(tables)) {
    const trained = await table();
    const within = targets(trained);
    const cells = Object.values(samplers).map(sampler =>
      medianOf(Array.from({ length: SEEDS }, (_, seed) => trialsTo(sampler(), trained, within, seed))),
    );
    lines.push([trained.about, `${trained.rows.length}`, `${within.size}`, ...cells]);
  }
  return lines.map(cells => `| ${cells.join(' | ')} |`).join('\n');
}
