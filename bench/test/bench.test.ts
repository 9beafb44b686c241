import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import { catalogue as stopping } from '@keepprob/stopping/catalogue';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Counts } from '../src/counts.ts';
import { compare, compareWithin, interval, median, type Ratio, type Spread, timed } from '../src/measure.ts';
import { placed } from '../src/page.ts';

test('median of odd and even lists', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('the interval of a constant is that constant, and it covers the median', () => {
  expect(interval([2, 2, 2])).toEqual([2, 2]);
  const [low, high] = interval([1, 2, 3, 4, 5, 6, 7]);
  expect(low).toBeLessThanOrEqual(4);
  expect(high).toBeGreaterThanOrEqual(4);
});

test('both sides run equally often, in turns', async () => {
  const calls: string[] = [];
  const called = (name: string) => timed(() => void calls.push(name));
  await compare(called('ours'), called('stock'), 4);
  expect(calls.slice(4)).toEqual(['ours', 'stock', 'stock', 'ours', 'ours', 'stock', 'stock', 'ours']);
});

test('a sample is milliseconds per call, of as many calls as it needs, after entering', async () => {
  let clock = 0;
  const now = vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const events: string[] = [];
  const arm = (name: string, ms: number) => ({
    enter: async () => void events.push(`enter ${name}`),
    work: () => {
      events.push(name);
      clock += ms;
    },
  });
  const effort = { sample: 4, budget: 0, rounds: [3, 3] } as const;
  const ratio = await compareWithin(effort, arm('slow', 2), arm('fast', 1));
  now.mockRestore();
  expect(ratio).toEqual({ ours: 2, other: 1, ratio: 2, low: 2, high: 2, rounds: 3 });
  // one call, then two, which take 4 ms: no more are needed
  expect(events.slice(0, 5)).toEqual(['enter slow', 'slow', 'enter slow', 'slow', 'slow']);
  expect(events.slice(-5)).toEqual(['enter fast', 'fast', 'fast', 'fast', 'fast']);
});

test('a section replaces what is between its comments, and one that is not there comes last', () => {
  const once = placed('# Page\n', 'a', 'first');
  const both = placed(once, 'b', 'other');
  expect(placed(both, 'a', 'second $& time')).toBe(both.replace('first', () => 'second $& time'));
  expect(both.indexOf('other')).toBeGreaterThan(both.indexOf('first'));
});

/** Those that start processes or threads, or train many times; `npm test` leaves them to `npm run test:long` (vitest.config.ts). */
const allSections = process.env.CASES === 'all';
const long = ['lens', 'nets', 'threads', 'workers'];
const quick = 'steps counts matMul conv volumes dropout growth plugins loop cost augmentation search'.split(' ');
const sections = [...quick, ...(allSections ? long : [])];

describe('a quick run', () => {
  interface Report {
    machine: string;
    build: string;
    [key: string]: unknown;
  }
  const reports: Record<string, Report> = {};
  const rowsOf = <T>(section: string): T[] => reports[section]!.rows as T[];
  const isRatio = ({ ours, other, ratio, low, high }: Ratio): boolean =>
    ours > 0 && other > 0 && 0 < low && low <= ratio && ratio <= high;

  beforeAll(async () => {
    const out = await mkdtemp(join(tmpdir(), 'keepprob-'));
    try {
      const program = fileURLToPath(new URL('../dist/bench.js', import.meta.url));
      await promisify(execFile)(process.execPath, [program, '--quick', '--only', sections.join(), '--out', out]);
      for (const file of await readdir(out)) {
        reports[file.replace('.json', '')] = JSON.parse(await readFile(join(out, file), 'utf8')) as Report;
      }
    } finally {
      await rm(out, { recursive: true });
    }
  }, 300_000);

  test('measures each section, on a machine that it names', () => {
    expect(Object.keys(reports).sort()).toEqual([...sections].sort());
    for (const { machine, build } of Object.values(reports)) {
      expect(machine).toMatch(/Node \d+.*TensorFlow\.js 4/);
      expect(build).toMatch(/simd$/);
    }
  });

  test('steps: every model against both stock backends, where they can train it, and the cost of regularization', () => {
    const rows = rowsOf<Ratio & { stock: string }>('steps');
    expect(rows.every(isRatio)).toBe(true);
    expect(rows.filter(r => r.stock === 'cpu').length).toBe(5);
    // MLP twice, LSTM; the convolutions have no gradients on stock wasm
    expect(rows.filter(r => r.stock === 'wasm').length).toBe(3);
    expect(reports.steps!.thrown).toHaveLength(2);
    expect(isRatio(reports.steps!.cost as Ratio)).toBe(true);
  });

  test('counts: no net asks for more kernels, bytes or memory with our gradients, and norms ask for far fewer kernels', () => {
    const rows = rowsOf<{ net: string; stock: Counts; ours: Counts; all: Counts }>('counts');
    expect(rows.length).toBe(12);
    for (const { stock, ours, all } of rows) {
      for (const count of ['kernels', 'written', 'peak'] as const) {
        expect(ours[count]).toBeLessThanOrEqual(stock[count]);
        expect(all[count]).toBeGreaterThan(0);
      }
    }
    const fewer = Object.fromEntries(rows.map(({ net, stock, ours }) => [net, stock.kernels / ours.kernels]));
    for (const net of ['normedCnn', 'resnet', 'separable', 'feedforward']) expect(fewer[net]).toBeGreaterThan(1.4);
  });

  test.runIf(allSections)(
    'nets: against cpu, against wasm where that has what it needs, and against PyTorch where it is installed',
    () => {
      const { thrown, about } = reports.nets as { thrown: string[]; about?: { torch: string } } & Report;
      const rows = rowsOf<Ratio & { to: string }>('nets');
      const to = (name: string): number => rows.filter(row => row.to === name).length;
      expect(rows.every(isRatio)).toBe(true);
      expect([to('cpu'), to('wasm') + thrown.length, to('PyTorch')]).toEqual([3, 3, about ? 3 : 0]);
    },
  );

  test('loop: with nothing, with what tells of it, and with checkpoints; a large one against the disk', () => {
    expect(rowsOf<Ratio>('loop').map(isRatio)).toEqual([true, true, true]);
    expect(isRatio(reports.loop!.checkpoint as Ratio)).toBe(true);
  });

  test.runIf(allSections)('threads: two against one, with idle and with busy cores, and against two runs', () => {
    const rows = rowsOf<Ratio & { busy: boolean; apart?: Ratio }>('threads');
    expect(rows.every(isRatio)).toBe(true);
    expect(rows.every(({ busy, apart }) => (busy ? apart === undefined : apart && isRatio(apart)))).toBe(true);
    expect(rows.map(r => r.busy)).toEqual([false, false, false, true, true, true]);
  });

  test.each(['matMul', 'conv'])('%s: a rate for each shape', section => {
    const rows = rowsOf<{ name: string; flops: number; ours: number; stock?: Ratio }>(section);
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(rows.every(r => r.name && r.flops > 0 && r.ours > 0 && r.stock && isRatio(r.stock))).toBe(true);
  });

  test('volumes: each pass against both stock backends', () => {
    const rows = rowsOf<{ stock: string; ratio: Ratio }>('volumes');
    expect(rows.map(r => r.stock)).toEqual(['wasm', 'cpu'].flatMap(stock => new Array(5).fill(stock)));
    expect(rows.every(r => isRatio(r.ratio))).toBe(true);
  });

  test('dropout: each pass against stock and a product, and 4 bytes on the tape against stock’s', () => {
    expect(rowsOf<Ratio>('dropout').length).toBe(12);
    expect(rowsOf<Ratio>('dropout').every(isRatio)).toBe(true);
    const bytes = reports.dropout!.bytes as { ours: number; stock: number }[];
    expect(bytes.length).toBe(3);
    expect(bytes.every(b => b.ours === 4 && b.stock > 4)).toBe(true);
  });

  test('plugins: each combination on both backends', () => {
    expect(rowsOf<Ratio>('plugins').length).toBe(8);
    expect(rowsOf<Ratio>('plugins').every(isRatio)).toBe(true);
  });

  test('cost: every technique of the families', () => {
    const rows = rowsOf<Ratio & { plugin: string; net: string }>('cost');
    expect(rows.every(isRatio)).toBe(true);
    const techniques = [augment, averaging, dropout, gradients, l1, l2, schedules, stopping]
      .flat()
      .filter(({ kind }) => kind !== 'schedule');
    expect(techniques.length).toBeGreaterThan(70);
    expect(rows.map(({ plugin }) => plugin.replace(/\(.*/, '')).sort()).toEqual(techniques.map(t => t.name).sort());
  });

  test('augmentation: images of one channel and of three, beside tf.image where it has the like', () => {
    const rows = rowsOf<{ plugin: string; shape: number[]; ours: number; stock?: Ratio }>('augmentation');
    expect(rows.every(({ ours, stock }) => ours > 0 && (!stock || isRatio(stock)))).toBe(true);
    const of = (channels: number) => rows.filter(({ shape }) => shape[3] === channels);
    const plugins = augment.filter(entry => entry.kind === 'plugin' && entry.takes === 'options');
    expect(of(3).map(({ plugin }) => plugin)).toEqual(plugins.map(({ name }) => name));
    expect(of(1).length).toBe(of(3).length - 3);
    expect(rows.filter(({ stock }) => stock).length).toBe(12);
  });

  test('growth: time and work of each size', () => {
    for (const row of rowsOf<{ median: number; flops: number }>('growth')) {
      expect(row.median).toBeGreaterThan(0);
      expect(row.flops).toBeGreaterThan(0);
    }
  });

  test('search: units of this process, and suggestions of each sampler', () => {
    const { units, suggestions } = reports.search as Record<'units' | 'suggestions', Spread[]> & Report;
    expect([units.length, suggestions.length]).toEqual([1, 6]);
    for (const { median: ms, low, high } of suggestions) expect(0 < low && low <= ms && ms <= high).toBe(true);
  });
});
