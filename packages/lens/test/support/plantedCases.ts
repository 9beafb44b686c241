/** Cases whose answer is known. Each seed is another draw of data, initial weights and batches. */
import { keepProbs } from '@keepprob/dropout';
import { evaluateRows, fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { type BiasVariance, type DropoutEffect, diagnose } from '../../src/index.ts';
import { apart, crossed, network, type Problem, rowsOf, straight } from './planted.ts';

const loss = 'binaryCrossentropy';
/** Of these verdicts at least 9 in 10 are that one. */
function expectMost(verdicts: readonly string[], truth: string): void {
  const right = verdicts.filter(v => v === truth).length;
  expect(right, table(verdicts)).toBeGreaterThanOrEqual(Math.floor(0.9 * verdicts.length));
}

/** One row of the confusion table. */
const table = (verdicts: readonly string[]): string =>
  [...new Set(verdicts)].map(v => `${v} ${verdicts.filter(w => w === v).length}`).join(', ');

interface Case {
  readonly problem: Problem;
  readonly validationProblem?: Problem;
  readonly rows: number;
  readonly validationRows: number;
  readonly hidden: number;
  readonly rate: number;
  readonly epochs: number;
  readonly batchSize: number;
}

const easy = straight(3, { margin: apart(0.4) });
const cases: Record<BiasVariance, Case> = {
  // nothing straight tells the classes apart
  underfits: { problem: crossed(), rows: 800, validationRows: 800, hidden: 0, rate: 0.05, epochs: 10, batchSize: 200 },
  // 40 rows with wrong labels in 20 dimensions, learnt by heart
  overfits: { problem: straight(20, { noise: 0.15 }), rows: 40, validationRows: 300, hidden: 16, rate: 0.1, epochs: 20, batchSize: 40 },
  fits: { problem: easy, rows: 400, validationRows: 400, hidden: 8, rate: 0.1, epochs: 12, batchSize: 100 },
  // the same, at a fiftieth of the learning rate
  notConverged: { problem: easy, rows: 400, validationRows: 400, hidden: 8, rate: 0.002, epochs: 12, batchSize: 100 },
  // labels are wrong in the training data alone
  leaks: { problem: straight(3, { noise: 0.2 }), validationProblem: straight(3), rows: 400, validationRows: 400, hidden: 0, rate: 0.2, epochs: 10, batchSize: 100 },
  // a gap of about the tolerance, seen through 35 rows
  cannotTell: { problem: straight(6, { noise: 0.1 }), rows: 100, validationRows: 35, hidden: 0, rate: 0.2, epochs: 24, batchSize: 20 },
}; // biome-ignore format: a table

/** `diagnose` on nets that are known to underfit, overfit and so on. */
export function biasOrVariance(seeds: number): void {
  describe('bias or variance', () => {
    test.each(Object.entries(cases))('%s', async (truth, c) => {
      const byRow: BiasVariance[] = [];
      const byCurves: BiasVariance[] = [];
      for (let seed = 0; seed < seeds; seed++) {
        const train = rowsOf(c.problem, c.rows, 2 * seed);
        const validation = rowsOf(c.validationProblem ?? c.problem, c.validationRows, 2 * seed + 1);
        const model = network(c.problem.dims, c.hidden, seed);
        const optimizer = tf.train.adam(c.rate);
        const { epochs, batchSize } = c;
        const how = { loss, optimizer, epochs, batchSize, seed, validation: validation, progress: false as const };
        const run = await fit(model, train, how);
        byRow.push((await diagnose({ model, train, validation, loss, run })).verdict);
        byCurves.push((await diagnose(run, { baseline: Math.LN2 })).verdict);
        model.dispose();
        optimizer.dispose();
      }
      expectMost(byRow, truth);
      // curves do not tell how few the validation rows are
      if (truth !== 'cannotTell') expectMost(byCurves, truth);
    });
  });
}

interface Arm {
  readonly problem: Problem;
  readonly rows: number;
  readonly hidden: number;
  readonly rate: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly keepProb: number;
  readonly input: number;
}

const arms: Record<DropoutEffect['verdict'], Arm> = {
  // one label in four is wrong: learnt by heart without dropout
  helps: { problem: straight(10, { noise: 0.25 }), rows: 60, hidden: 32, rate: 0.06, epochs: 20, batchSize: 60, keepProb: 0.5, input: 0.8 },
  // 8 units for a problem that needs most of them
  hurts: { problem: crossed(), rows: 300, hidden: 8, rate: 0.1, epochs: 8, batchSize: 100, keepProb: 0.5, input: 1 },
  // next to nothing is dropped
  cannotTell: { problem: straight(6, { noise: 0.1 }), rows: 100, hidden: 8, rate: 0.03, epochs: 8, batchSize: 50, keepProb: 0.998, input: 1 },
}; // biome-ignore format: a table

/** dropout − plain of the loss on 3,000 rows that nobody saw, over training sets and initial weights: mean and its standard error. */
async function truthOf(c: Arm): Promise<readonly [mean: number, error: number]> {
  const differences: number[] = [];
  for (let seed = 500; seed < 508; seed++) {
    const [train, unseen] = [rowsOf(c.problem, c.rows, 2 * seed), rowsOf(c.problem, 3000, 2 * seed + 1)];
    const losses: number[] = [];
    for (const drops of [false, true]) {
      const plain = network(c.problem.dims, c.hidden, seed);
      const model = drops ? keepProbs(plain, { hidden: c.keepProb }, { input: c.input }) : plain;
      const optimizer = tf.train.adam(c.rate);
      const { epochs, batchSize } = c;
      await fit(model, train, { loss, optimizer, epochs, batchSize, seed, trainEvaluation: false, progress: false });
      const rows = await evaluateRows(model, unseen, { loss });
      losses.push(rows.loss.reduce((a, b) => a + b) / rows.loss.length);
    }
    differences.push(losses[1]! - losses[0]!);
  }
  const mean = differences.reduce((a, b) => a + b) / differences.length;
  const squares = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0);
  return [mean, Math.sqrt(squares / (differences.length - 1) / differences.length)];
}

/** `diagnose` on nets that dropout is known to help, hurt, or neither. */
export function doesDropoutHelp(seeds: number): void {
  describe('does dropout help', () => {
    test.each(Object.entries(arms))('%s', async (truth, c) => {
      const verdicts: string[] = [];
      for (let seed = 0; seed < seeds; seed++) {
        const model = network(c.problem.dims, c.hidden, seed);
        const optimizer = tf.train.adam(c.rate);
        const [train, validation] = [rowsOf(c.problem, c.rows, 2 * seed), rowsOf(c.problem, 400, 2 * seed + 1)];
        const { epochs, batchSize, input } = c;
        const how = { measure: true, seeds: 4, seed: 10 * seed, progress: false as const };
        const found = await diagnose(
          { model, train, validation, loss },
          { ...how, epochs, batchSize, optimizer, keepProbs: { hidden: c.keepProb }, input },
        );
        verdicts.push(found.dropout!.verdict);
        model.dispose();
        optimizer.dispose();
      }
      expectMost(verdicts, truth);
      if (truth === 'hurts') expect(verdicts).not.toContain('helps');
    });
  });
}

/** That it is so: measured on many rows, over other seeds. */
export function dropoutHelpsIndeed(): void {
  test.each(Object.entries(arms))('on unseen rows dropout %s', async (truth, c) => {
    const [mean, error] = await truthOf(c);
    if (truth === 'helps') expect(mean).toBeLessThan(-4 * error);
    if (truth === 'hurts') expect(mean).toBeGreaterThan(4 * error);
    if (truth === 'cannotTell') expect(Math.abs(mean)).toBeLessThan(1e-3);
  });
}
