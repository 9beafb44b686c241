/**
 * An exported model predicts in PyTorch what it predicts here. The oracle is what PyTorch said of these scripts, so that machines without PyTorch test them as well; where
 * it is installed (Debian's python3-torch), it is asked again. RECORD=1 writes the oracle.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import type * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Exported, exportTorch } from '../../src/index.ts';
import { inputsFor, networks } from '../support/models.ts';
import { type Answer, hasTorch, inTorch, type Numbers, numbersOf } from '../support/torch.ts';

interface Recorded {
  /** SHA-256 of the script that made it. */
  readonly script: string;
  readonly outputs: readonly Numbers[];
}
const file = new URL('../oracle/torch.json', import.meta.url);
const oracle: { source: string; networks: Record<string, Recorded> } = JSON.parse(readFileSync(file, 'utf8'));

interface Case {
  readonly exported: Exported;
  readonly inputs: tf.Tensor[];
  readonly outputs: readonly Numbers[];
}
const cases: Record<string, Case> = {};
let live: Record<string, Answer> = {};

const hashOf = (script: string): string => createHash('sha256').update(script).digest('hex');

beforeAll(async () => {
  for (const [name, { make, words }] of Object.entries(networks)) {
    const model = make();
    const inputs = inputsFor(model, words);
    const outputs = [model.predict(inputs.length === 1 ? (inputs[0] as tf.Tensor) : inputs)].flat();
    cases[name] = { exported: await exportTorch(model), inputs, outputs: outputs.map(numbersOf) };
  }
  if (!hasTorch) return;
  const { version, answers } = inTorch(cases);
  live = answers;
  if (process.env.RECORD !== '1') return;
  const recorded = Object.entries(answers).map(([name, { outputs }]) => [
    name,
    { script: hashOf(cases[name]?.exported.script ?? ''), outputs },
  ]);
  oracle.source = `PyTorch ${version}, float32, from the scripts that exportTorch wrote`;
  oracle.networks = Object.fromEntries(recorded);
  writeFileSync(file, `${JSON.stringify(oracle)}\n`);
});

function expectSame(ours: readonly Numbers[] | undefined, theirs: readonly Numbers[] | undefined): void {
  expect(ours?.map(({ shape }) => shape)).toEqual(theirs?.map(({ shape }) => shape));
  for (const [i, { data }] of (ours ?? []).entries()) {
    const others = theirs?.[i]?.data ?? [];
    const far = data.map((value, k) => Math.abs(value - (others[k] ?? Number.NaN)));
    expect(Math.max(...far)).toBeLessThan(1e-5);
  }
}

describe.each(Object.keys(networks))('%s', name => {
  test('predicts here what PyTorch said that the same script predicts', () => {
    expect(hashOf(cases[name]?.exported.script ?? ''), 'the script changed: RECORD=1 where PyTorch is installed').toBe(
      oracle.networks[name]?.script,
    );
    expectSame(cases[name]?.outputs, oracle.networks[name]?.outputs);
  });

  test.runIf(hasTorch)('predicts the same in PyTorch, now', () =>
    expectSame(cases[name]?.outputs, live[name]?.outputs),
  );
});
