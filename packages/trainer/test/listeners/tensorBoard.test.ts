/** Event files against bytes worked out from the specification, an independent reader, and TensorBoard itself where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Weight } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type FitOptions, fit, memoryStore } from '../../src/index.ts';
import { histogramOf } from '../../src/listeners/histogram.ts';
import type { RunEvent } from '../../src/listeners/listener.ts';
import { tensorBoard } from '../../src/listeners/tensorBoard.ts';
import { masked, startEvent, summaryEvent, tfRecord, versionEvent } from '../../src/listeners/tfEvents.ts';
import { eventsOf, type ReadEvent, recordsOf } from '../support/tfEvents.ts';

let directory: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keepprob-tb-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

test('bytes of records and events', () => {
  // crc32c("123456789") = e3069283; rotated right by 15: 2507c60d; plus a282ead8: c78ab0e5
  expect(masked(0xe3069283)).toBe(0xc78ab0e5);
  const digits = new TextEncoder().encode('123456789');
  expect(hex(tfRecord(digits)).slice(-26)).toBe(`${hex(digits)}e5b08ac7`);
  // every event file of TensorFlow begins with these 12 bytes: length 24 and its checksum; 1.0 is 3ff0…
  expect(hex(versionEvent(1)).slice(0, 24)).toBe('1800000000000000a37f4b22');
  expect(hex(versionEvent(1)).slice(24, -8)).toBe(
    `09000000000000f03f1a0d${Buffer.from('brain.Event:2').toString('hex')}`,
  );
  const body = (record: Uint8Array): string => hex(recordsOf(Buffer.from(record))[0]!);
  // step 300 = ac 02 as varint; status START = 1 in field 1 of field 7
  expect(body(startEvent({ time: 1, step: 300 }))).toBe('09000000000000f03f10ac023a020801');
  // summary { value { tag: "a", simple_value: 0.5 } }
  expect(body(summaryEvent({ time: 1, step: 2 }, [['a', 0.5]]))).toBe('09000000000000f03f10022a0a0a080a0161150000003f');
});

test('any step up to 2⁵³ and any number come back', () => {
  const step = fc.oneof(fc.nat(300), fc.maxSafeNat());
  fc.assert(
    fc.property(step, fc.float(), fc.string({ unit: 'grapheme' }), (at, value, tag) => {
      const [read] = eventsOf(Buffer.from(summaryEvent({ time: 3.25, step: at }, [[tag, value]])));
      expect(read).toEqual({ time: 3.25, step: at, scalars: { [tag]: value }, histograms: {} });
    }),
  );
});

test('a histogram counts every finite number once, between its limits', () => {
  const number = fc.oneof(fc.float(), fc.double({ min: -1, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.array(number, { maxLength: 200 }), values => {
      const finite = values.filter(v => Number.isFinite(v));
      const histogram = histogramOf(values);
      expect(histogram === undefined).toBe(finite.length === 0);
      if (!histogram) return;
      const { min, max, count, counts, limits } = histogram;
      expect([min, max]).toEqual([Math.min(...finite), Math.max(...finite)]);
      expect(count).toBe(finite.length);
      expect(counts.reduce((a, b) => a + b)).toBe(finite.length);
      expect(limits.at(-1)).toBe(max);
      expect(limits).toEqual([...limits].sort((a, b) => a - b));
    }),
  );
});

test('a histogram by hand', () => {
  const values = Array.from({ length: 31 }, (_, i) => i); // 0 … 30: one in each bucket, two in the last
  const { counts, limits, sum, sumOfSquares } = histogramOf([...values, Number.NaN])!;
  expect(counts).toEqual([...Array(29).fill(1), 2]);
  expect(limits).toEqual(values.slice(1));
  expect([sum, sumOfSquares]).toEqual([465, 9455]); // n(n+1)/2 and n(n+1)(2n+1)/6 at n = 30
  expect(histogramOf([2, 2])).toEqual({ min: 2, max: 2, count: 2, sum: 4, sumOfSquares: 8, limits: [2], counts: [2] });
});

const event = (type: RunEvent['type'], step: number, logs: RunEvent['logs'] = {}, more = {}): RunEvent => ({
  type,
  epoch: Math.floor(step / 2),
  epochs: 3,
  step,
  logs,
  ...more,
});
const kernel = (): Weight => ({
  variable: tf.variable(tf.tensor([0, 1, 2, 30], [2, 2])),
  path: '0-Dense/kernel',
  layer: 'a',
  role: 'kernel',
  fanInAxes: [0],
  trainable: true,
});
/** Events of a run by name, its files in order. */
const read = (run: string): ReadEvent[] =>
  readdirSync(join(directory, run))
    .sort()
    .flatMap(name => eventsOf(readFileSync(join(directory, run, name))));

async function run(resumes = true): Promise<void> {
  vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_500);
  const board = tensorBoard(directory);
  const weights = [kernel()];
  await board(event('begin', 0));
  await board(event('step', 1, { cost: 3, loss: 2 }));
  await board(event('step', 2, { cost: 2, loss: 1.5 }));
  await board(
    event('epoch', 2, { cost: 2.5, cleanLoss: 1, valLoss: 1.25, valAccuracy: 0.5, validity: 7 }, { weights }),
  );
  await board.close?.();
  tf.dispose(weights.map(w => w.variable));
  if (!resumes) return;
  // resumed from step 1 a second later
  vi.spyOn(Date, 'now').mockReturnValue(1_700_000_002_000);
  await board(event('begin', 1));
  await board(event('step', 2, { cost: 9 }));
  await board(event('end', 2));
  await board.close?.();
  await board.close?.();
}

test('scalars and histograms of a run, read back', async () => {
  await run();
  const time = 1_700_000_000.5;
  const none = { histograms: {}, time };
  const train = read('train');
  expect(train.slice(0, 5)).toEqual([
    { ...none, step: 0, version: 'brain.Event:2', scalars: {} },
    { ...none, step: 0, sessionStatus: 'START', scalars: {} },
    { ...none, step: 1, scalars: { 'step/cost': 3, 'step/loss': 2 } },
    { ...none, step: 2, scalars: { 'step/cost': 2, 'step/loss': 1.5 } },
    { ...none, step: 2, scalars: { 'epoch/cost': 2.5, 'epoch/validity': 7 } },
  ]);
  expect(train[5]!.histograms['weights/0-Dense/kernel']).toEqual({
    ...{ min: 0, max: 30, num: 4, sum: 33, sumSquares: 905 },
    bucket: [1, 1, 1, ...Array(26).fill(0), 1],
    bucketLimit: Array.from({ length: 30 }, (_, i) => i + 1),
  });
  expect(train.slice(6).map(({ step, scalars, sessionStatus }) => ({ step, scalars, sessionStatus }))).toEqual([
    { step: 0, scalars: {}, sessionStatus: undefined },
    { step: 2, scalars: {}, sessionStatus: 'START' },
    { step: 2, scalars: { 'step/cost': 9 }, sessionStatus: undefined },
  ]);
  expect(read('clean').at(-1)!.scalars).toEqual({ 'epoch/loss': 1 });
  expect(read('val').at(-1)!.scalars).toEqual({ 'epoch/loss': 1.25, 'epoch/accuracy': 0.5 });
  expect(readdirSync(directory).sort()).toEqual(['clean', 'train', 'val']);
  expect(readdirSync(join(directory, 'val'))[0]).toMatch(/^events\.out\.tfevents\.1700000000\./);
});

test('no histograms where none are wanted; no file where nothing was said', async () => {
  const board = tensorBoard(directory, { histograms: false });
  await board(event('begin', 0));
  expect(readdirSync(directory)).toEqual([]);
  const weights = [kernel()];
  await board(event('epoch', 2, { loss: 1 }, { weights }));
  await board.close?.();
  tf.dispose(weights.map(w => w.variable));
  expect(read('train').map(e => Object.keys(e.histograms))).toEqual([[], [], []]);
  expect(() => tensorBoard(directory, { histograms: 'step' as 'epoch' })).toThrow(/histograms.*one of 'epoch', false/);
});

test('a run begun anew ends what the runs before it said, in every curve; one that resumes what lies beyond', async () => {
  await run();
  const starts = (name: string) => read(name).flatMap(({ sessionStatus, step }) => (sessionStatus ? [step] : []));
  expect([starts('train'), starts('val')]).toEqual([[0, 2], [0]]);
  const board = tensorBoard(directory);
  await board(event('begin', 0));
  await board(event('step', 1, { cost: 3 }));
  await board.close?.();
  expect([starts('train'), starts('clean'), starts('val')]).toEqual([
    [0, 2, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(read('train').slice(-2)).toMatchObject([{ sessionStatus: 'START' }, { scalars: { 'step/cost': 3 } }]);
});

test('writers of one process have files of their own in the same second, in the order of their names', async () => {
  vi.spyOn(Date, 'now').mockReturnValue(1_700_000_000_500);
  // as in a worker, or in a second copy of the package
  vi.resetModules();
  const other = (await import('../../src/listeners/tensorBoard.ts')).tensorBoard(directory);
  const boards = [tensorBoard(directory), other, ...Array.from({ length: 9 }, () => tensorBoard(directory))];
  for (const [i, board] of boards.entries()) await board(event('step', 1, { cost: i }));
  for (const board of boards) await board.close?.();
  const costs = read('train').flatMap(({ scalars }) => scalars['step/cost'] ?? []);
  expect(costs).toEqual(boards.map((_, i) => i));
});

test('a clock that goes back: files come behind those that are there, and the newer ones count', async () => {
  for (const [cost, seconds] of [1_700_000_500, 1_600_000_000, 1_700_000_500].entries()) {
    vi.spyOn(Date, 'now').mockReturnValue(1000 * seconds);
    const board = tensorBoard(directory);
    await board(event('begin', 0));
    await board(event('step', 1, { cost }));
    await board.close?.();
    expect(read('train').at(-1)!.scalars).toEqual({ 'step/cost': cost });
  }
  // the file of a process whose number, as text, comes behind ours
  writeFileSync(join(directory, 'train', `events.out.tfevents.1700000500.zzz.9.000`), '');
  const board = tensorBoard(directory);
  await board(event('begin', 0));
  await board(event('step', 1, { cost: 7 }));
  await board.close?.();
  expect(read('train').at(-1)!.scalars).toEqual({ 'step/cost': 7 });
});

/** What TensorBoard shows of a curve: a run that begins takes away what was said of its step and later ones. */
function shown(run: string): string[] {
  let events: ReadEvent[] = [];
  for (const event of read(run)) {
    if (event.sessionStatus) events = events.filter(({ step }) => step < event.step);
    events.push(event);
  }
  return events.flatMap(({ step, scalars, histograms }) =>
    [...Object.entries(scalars), ...Object.keys(histograms)].map(said => `${step}: ${said}`),
  );
}

test('a run interrupted behind any event, before or after it is saved, shows each value once', async () => {
  const train = async (options: Partial<FitOptions>): Promise<void> => {
    const layer = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: 'ones' });
    const data = { x: tf.ones([8, 2]), y: tf.ones([8, 1]) };
    await fit(tf.sequential({ layers: [layer] }), data, {
      ...{ loss: 'meanSquaredError', optimizer: 'sgd', epochs: 2, batchSize: 2, seed: 1, progress: false },
      ...{ validation: data, resume: true, ...options },
    });
  };
  const curves = () => ['train', 'clean', 'val'].map(run => shown(run).sort());
  await train({ checkpoint: { store: memoryStore() }, listeners: [tensorBoard(directory)] });
  const whole = curves();
  expect(whole.map(values => values.length > new Set(values).size)).toEqual([false, false, false]);
  // begin, four updates, epoch, four updates, epoch: heard by the board, and then the end
  for (let last = 1; last <= 11; last++) {
    rmSync(directory, { recursive: true });
    const checkpoint = { store: memoryStore(), every: 2 };
    let heard = 0;
    const dies = () => {
      if (++heard === last) throw new Error('killed');
    };
    await expect(train({ checkpoint, listeners: [tensorBoard(directory), dies] })).rejects.toThrow('killed');
    await train({ checkpoint, listeners: [tensorBoard(directory)] });
    expect(curves(), `killed behind event ${last}`).toEqual(whole);
  }
});

test('more of an epoch: numbers are scalars, lists histograms, empty lists nothing', async () => {
  const also = async ({ epoch }: RunEvent) => ({
    'lambda/hidden': Float64Array.of(1, 2, 4),
    gap: epoch + 0.5,
    none: [],
  });
  const board = tensorBoard(directory, { histograms: false, also });
  await board(event('epoch', 7, {}));
  await board.close?.();
  const { step, scalars, histograms } = read('train').at(-1)!;
  expect([step, scalars]).toEqual([7, { gap: event('epoch', 7, {}).epoch + 0.5 }]);
  expect(Object.keys(histograms)).toEqual(['lambda/hidden']);
  expect(histograms['lambda/hidden']).toMatchObject({ min: 1, max: 4, num: 3, sum: 7, sumSquares: 21 });
});

test('the reader of this test refuses what is not right', () => {
  const record = Buffer.from(versionEvent(1));
  for (let at = 0; at < record.length; at++) {
    const bytes = Buffer.from(record);
    bytes[at]! ^= 1;
    expect(() => recordsOf(bytes)).toThrow();
  }
});

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
out = {}
for run in ('train', 'clean', 'val'):
    e = EventAccumulator(sys.argv[1] + '/' + run).Reload()
    tags = e.Tags()
    out[run] = {
        'scalars': {t: [[s.step, s.value] for s in e.Scalars(t)] for t in tags['scalars']},
        'histograms': {t: [[h.step, h.histogram_value.num, h.histogram_value.bucket[-1]] for h in e.Histograms(t)] for t in tags['histograms']},
    }
print(json.dumps(out))
`;
const installed = spawnSync('python3', ['-c', 'import tensorboard']).status === 0;

test.skipIf(!installed)('TensorBoard reads the same, and forgets what a resumed run does anew', async () => {
  const inTensorBoard = () => JSON.parse(execFileSync('python3', ['-c', READ, directory], { encoding: 'utf8' }));
  await run(false);
  expect(inTensorBoard()).toEqual({
    train: {
      scalars: {
        'step/cost': [
          [1, 3],
          [2, 2],
        ],
        'step/loss': [
          [1, 2],
          [2, 1.5],
        ],
        'epoch/cost': [[2, 2.5]],
        'epoch/validity': [[2, 7]],
      },
      histograms: { 'weights/0-Dense/kernel': [[2, 4, 1]] },
    },
    clean: { scalars: { 'epoch/loss': [[2, 1]] }, histograms: {} },
    val: { scalars: { 'epoch/loss': [[2, 1.25]], 'epoch/accuracy': [[2, 0.5]] }, histograms: {} },
  });
  rmSync(directory, { recursive: true });
  await run();
  expect(inTensorBoard().train).toEqual({
    scalars: {
      'step/cost': [
        [1, 3],
        [2, 9],
      ],
      'step/loss': [[1, 2]],
      'epoch/cost': [],
      'epoch/validity': [],
    },
    histograms: { 'weights/0-Dense/kernel': [] },
  });
});
