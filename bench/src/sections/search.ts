/**
 * What a search costs beside training: a unit on each engine, queued units, and a suggestion of each sampler. Over databases where `DATABASES` names some:
 *
 *     DATABASES=postgres://localhost/bench,redis://localhost npm run bench -- --only search
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  choice,
  type Engine,
  float,
  inProcess,
  int,
  keepProb,
  kFold,
  none,
  type Point,
  random,
  randomOf,
  readSpace,
  type Sampler,
  search as searchFor,
  sobol,
  type Told,
  tpe,
} from '@keepprob/search';
import { bullmq, serveUnits } from '@keepprob/search/bullmq';
import { local } from '@keepprob/search/node';
import { interval, median, type Spread } from '../measure.ts';
import { enter } from '../places.ts';
import { milliseconds, type Result, Table } from '../section.ts';

const trial = new URL('../programs/searchTrial.js', import.meta.url);
const databases = (process.env.DATABASES ?? '').split(',').filter(Boolean);

/** Four features, two classes. */
function rows(): { x: number[][]; y: number[][] } {
  const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(i), i % 3, Math.sin(7 * i)]);
  return { x, y: x.map(([a = 0, , , b = 0]) => (a + b > 0 ? [1, 0] : [0, 1])) };
}

/** Units whose time is not looked at: what is compiled at first. */
const WARM_UP = 5;

interface Unit extends Spread {
  readonly engine: string;
  /** Milliseconds. */
  readonly training: number;
}

/** The time between the results of a search with one worker, less what training took. */
async function overhead(name: string, engine: Engine, store: string, trials: number): Promise<Unit> {
  const beyond: number[] = [];
  const training: number[] = [];
  let last: number | undefined;
  await searchFor(trial, rows(), {
    space: { keep: keepProb(0.3, 1) },
    ...{ folds: kFold({ k: 5 }), sampler: random(), pruner: none(), trials, confirm: false, refit: false, seed: 7 },
    ...{ store, engine },
    progress({ type, result }) {
      if (type !== 'unit' || !result) return;
      const now = performance.now();
      if (last !== undefined) beyond.push(now - last - 1000 * result.seconds);
      training.push(1000 * result.seconds);
      last = now;
    },
  });
  const [low, high] = interval(beyond.slice(WARM_UP));
  return { engine: name, training: median(training.slice(WARM_UP)), median: median(beyond.slice(WARM_UP)), low, high };
}

async function units(quick: boolean): Promise<Unit[]> {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-bench-'));
  const trials = quick ? 2 : 12;
  const abort = new AbortController();
  const serving = databases.map(db => serveUnits({ db, workers: 1, signal: abort.signal }));
  const engines = [
    ['this process', inProcess()],
    ...(quick ? [] : [['a process of its own', local({ workers: 1 })] as const]),
    ...databases.map(db => [`a worker over ${db.split(':')[0]}`, bullmq({ db, workers: 1 })] as const),
  ] as const;
  const measured: Unit[] = [];
  for (const [i, [name, engine]] of engines.entries())
    measured.push(await overhead(name, engine, join(folder, `${i}`), trials));
  abort.abort();
  await Promise.all(serving);
  await rm(folder, { recursive: true });
  return measured;
}

const spaces = {
  'two dimensions': { keep: keepProb(0.3, 1), l2: float(1e-6, 1e-2, { log: true }) },
  'eight, some in branches': {
    keeps: [keepProb(0.3, 1), keepProb(0.3, 1), keepProb(0.3, 1)],
    rate: float(1e-4, 1e-1, { log: true }),
    units: int(8, 256, { log: true }),
    optimizer: choice(['adam', { name: 'momentum', momentum: float(0.5, 0.99), nesterov: choice([true, false]) }]),
  },
};
const samplers: readonly Sampler[] = [tpe(), sobol(), random()];

/** Trials of a search, with values that depend on where they are. */
function told(space: keyof typeof spaces, count: number): Told[] {
  const { dimensions } = readSpace<unknown>(spaces[space]);
  return Array.from({ length: count }, (_, number) => {
    const point: Point = random().suggest(dimensions, [], randomOf(7, number)) ?? {};
    const value = Object.values(point).reduce((sum, x) => sum + (x - 0.6) ** 2, 0);
    return { number, point, state: 'complete', value };
  });
}

interface Suggestion extends Spread {
  readonly sampler: string;
  readonly space: string;
  readonly trials: number;
}

function suggestions(quick: boolean): Suggestion[] {
  const rounds = quick ? 3 : 31;
  const measured: Suggestion[] = [];
  for (const space of Object.keys(spaces) as (keyof typeof spaces)[]) {
    const { dimensions } = readSpace<unknown>(spaces[space]);
    for (const sampler of samplers)
      for (const trials of quick ? [10] : [10, 100, 1000]) {
        const before = told(space, trials);
        const times = Array.from({ length: rounds }, (_, round) => {
          const start = performance.now();
          sampler.suggest(dimensions, before, randomOf(7, trials + round));
          return performance.now() - start;
        });
        const [low, high] = interval(times);
        measured.push({ sampler: sampler.name, space, trials, median: median(times), low, high });
      }
  }
  return measured;
}

const between = ({ low, high }: Spread): string => `${milliseconds(low)}–${milliseconds(high)}`;

export async function search(quick: boolean): Promise<Result> {
  await enter('cpu');
  const ofUnits = new Table('a unit in', 'ms beyond its training', '95 % interval', 'training ms');
  const measured = await units(quick);
  for (const unit of measured)
    ofUnits.add(unit.engine, milliseconds(unit.median), between(unit), milliseconds(unit.training));
  const ofSuggestions = new Table('a suggestion of', 'space', 'trials before', 'ms', '95 % interval');
  const suggested = suggestions(quick);
  for (const { sampler, space, trials, ...times } of suggested)
    ofSuggestions.add(sampler, space, String(trials), milliseconds(times.median), between(times));
  return { data: { units: measured, suggestions: suggested }, markdown: `${ofUnits}\n\n${ofSuggestions}` };
}
