/** What `fit` adds to the steps that it takes: batches of shuffled data, progress, a log, checkpoints; and a large checkpoint against the disk alone. */
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FitOptions, fit, type RunEvent } from '@keepprob/trainer';
import { directoryStore, jsonLines } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { fitStep } from '../fitStep.ts';
import { compare, interval, median, type Ratio } from '../measure.ts';
import type { Size } from '../models.ts';
import { enter } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';

interface Effort {
  readonly size: Size;
  /** Updates of one epoch: those of MNIST. */
  readonly steps: number;
  /** Updates after which the other side has its turn. */
  readonly block: number;
  readonly epochs: number;
  /** Runs with weights of their own: where they lie in memory is worth a percent or two. */
  readonly runs: number;
}
/** Milliseconds per update. */
interface Round {
  readonly fit: number;
  readonly bare: number;
}

const net = ({ inputs, hidden, outputs }: Size): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: hidden, activation: 'relu', inputShape: [inputs] }),
      tf.layers.dense({ units: hidden, activation: 'relu' }),
      tf.layers.dense({ units: outputs, activation: 'softmax' }),
    ],
  });
const rowsOf = ({ inputs, outputs }: Size, rows: number): { x: tf.Tensor; y: tf.Tensor } =>
  tf.tidy(() => ({
    x: tf.randomUniform([rows, inputs]),
    y: tf.oneHot(tf.randomUniform([rows], 0, outputs, 'int32'), outputs),
  }));
const optimizer = (): tf.Optimizer => tf.train.momentum(0.01, 0.9);

/** `fit` and the same update by hand, on one batch that is there. Both take turns within each epoch; an epoch, with all that comes at its end, is a round. */
async function turns({ size, steps, block, epochs }: Effort, options: Partial<FitOptions>): Promise<Round[]> {
  const bare = fitStep(net(size), optimizer(), rowsOf(size, size.batch));
  const [model, data, momentum] = [net(size), rowsOf(size, size.batch * steps), optimizer()];
  const rounds: Round[] = [];
  let [fitted, byHand] = [0, 0];
  let since = 0;
  const takeTurns = async ({ type, step }: RunEvent): Promise<void> => {
    if (type === 'begin') since = performance.now();
    if (type !== 'step' || step % block !== 0) return;
    const now = performance.now();
    fitted += now - since;
    // with the first block of the next epoch, what comes at the end of one is done
    if (step > steps && step % steps === block) {
      rounds.push({ fit: fitted / steps, bare: byHand / steps });
      [fitted, byHand] = [0, 0];
    }
    for (let i = 0; i < block; i++) await bare.run();
    since = performance.now();
    byHand += since - now;
  };
  await fit(model, data, {
    loss: 'categoricalCrossentropy',
    optimizer: momentum,
    epochs,
    batchSize: size.batch,
    trainEvaluation: false,
    progress: false,
    ...options,
    listeners: [...(options.listeners ?? []), takeTurns],
  });
  bare.dispose();
  model.dispose();
  momentum.dispose();
  tf.dispose(data);
  // the first one warms up
  return rounds.slice(1);
}

async function overhead(effort: Effort, options: Partial<FitOptions>): Promise<Ratio> {
  const rounds: Round[] = [];
  for (let i = 0; i < effort.runs; i++) rounds.push(...(await turns(effort, options)));
  const ratios = rounds.map(r => r.fit / r.bare);
  const [low, high] = interval(ratios);
  const [ours, other] = [median(rounds.map(r => r.fit)), median(rounds.map(r => r.bare))];
  return { ours, other, ratio: median(ratios), low, high, rounds: rounds.length };
}

/** Milliseconds that a checkpoint takes, from the weights on the backend to the disk, and those that the disk takes for the same bytes. */
async function checkpointSpeed(directory: string, inputs: number, units: number, rounds: number) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [inputs], useBias: false })] });
  const data = { x: tf.zeros([1, inputs]), y: tf.zeros([1, units]) };
  const bytes = new Uint8Array(4 * inputs * units).fill(1);
  const checkpoint = async (): Promise<number> => {
    let [since, took] = [0, 0];
    const optimizer = tf.train.sgd(0);
    await fit(model, data, {
      loss: 'meanSquaredError',
      optimizer,
      progress({ type }) {
        // it is saved between the two
        if (type === 'epoch') since = performance.now();
        if (type === 'end') took = performance.now() - since;
      },
      trainEvaluation: false,
      checkpoint: { store: directoryStore(join(directory, 'large')), keep: 1, best: null },
    });
    optimizer.dispose();
    return took;
  };
  const disk = async (): Promise<number> => {
    const start = performance.now();
    const file = await open(join(directory, 'bytes'), 'w');
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    return performance.now() - start;
  };
  const ratio = await compare(checkpoint, disk, rounds);
  model.dispose();
  tf.dispose(data);
  return { ...ratio, bytes: bytes.length };
}

export async function loop(quick: boolean): Promise<Result> {
  await enter('kernels');
  const directory = await mkdtemp(join(tmpdir(), 'keepprob-loop-'));
  try {
    const effort: Effort = quick
      ? { size: { batch: 16, inputs: 64, hidden: 64, outputs: 10 }, steps: 6, block: 3, epochs: 3, runs: 1 }
      : { size: { batch: 128, inputs: 784, hidden: 512, outputs: 10 }, steps: 469, block: 7, epochs: 4, runs: 4 };
    const { size, steps } = effort;
    const net = `MLP ${size.inputs}-${size.hidden}-${size.hidden}-${size.outputs}, batch ${size.batch}, momentum; ${steps} updates each epoch`;
    const seen: Partial<FitOptions> = { progress: 'lines', listeners: [jsonLines(join(directory, 'run.jsonl'))] };
    const kinds: Readonly<Record<string, Partial<FitOptions>>> = {
      'the loop alone': {},
      '+ progress in lines, a JSON line for each update': seen,
      '+ a checkpoint each epoch': { ...seen, checkpoint: { store: directoryStore(join(directory, 'small')) } },
    };
    const table = new Table(net, 'fit, ms each update', 'by hand, ms', 'ratio', '95 % interval', 'epochs');
    const rows: (Ratio & { kind: string })[] = [];
    for (const [kind, options] of Object.entries(kinds)) {
      const ratio = await overhead(effort, options);
      rows.push({ kind, ...ratio });
      table.add(kind, milliseconds(ratio.ours), milliseconds(ratio.other), ...threeDigits(ratio), `${ratio.rounds}`);
    }
    const large = await checkpointSpeed(directory, quick ? 100 : 10_000, 1000, quick ? 2 : 15);
    const speed = (ms: number): string => `${Math.round(large.bytes / 1e3 / ms)} MB/s`;
    const [ratio, spread] = ratioCells(large);
    const sentence = `A checkpoint of ${large.bytes / 4e6} M parameters, from the weights on the backend to the disk, checksum included: ${milliseconds(large.ours)} ms, ${speed(large.ours)}; the disk alone, writing and syncing as many bytes: ${milliseconds(large.other)} ms, ${speed(large.other)}; ratio ${ratio.replaceAll('*', '')} (${spread}, ${large.rounds} interleaved rounds).`;
    console.log(sentence);
    return { data: { rows, checkpoint: large }, markdown: [table, '', sentence].join('\n') };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Of a ratio near 1. */
const threeDigits = ({ ratio, low, high }: Ratio): [string, string] => [
  ratio.toFixed(3),
  `${low.toFixed(3)}–${high.toFixed(3)}`,
];
