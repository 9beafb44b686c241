/** What is measured at the end of an epoch, for each network and seed, and put together. */

import { rangeOf, type Spread } from '../../stage/spread.ts';
import { gainOf } from '../../stage/worker/gain.ts';
import type { KernelSpread } from '../../stage/worker/plugins.ts';
import { type Epoch, type Measured, type Point, type Quantity, type Twin, twins } from './reports.ts';

/** @param kernels in order */
export function pointOf(logs: Readonly<Record<string, number>>, kernels: readonly KernelSpread[]): Point {
  const log = (name: string): number => {
    const value = logs[name];
    if (value === undefined)
      throw new Error(`The trainer reported no ${name}; it reported ${Object.keys(logs).join(', ')}.`);
    return value;
  };
  const [hidden1, hidden2, output] = kernels.map(({ spread }) => spread);
  return {
    trainLoss: log('cleanLoss'),
    validationLoss: log('valLoss'),
    trainPenalty: log('penalty'),
    validationPenalty: log('valPenalty'),
    trainCost: log('cost'),
    validationCost: log('valCost'),
    trainError: 1 - log('cleanAccuracy'),
    validationError: 1 - log('valAccuracy'),
    gap: log('valLoss') - log('cleanLoss'),
    squaredNorm: kernels.reduce((sum, kernel) => sum + kernel.squaredNorm, 0),
    spreadHidden1: hidden1 ?? 0,
    spreadHidden2: hidden2 ?? 0,
    spreadOutput: output ?? 0,
  };
}

/** One network of one seed. */
export interface Half {
  readonly point: Point;
  readonly costs: readonly number[];
  /** P(class) of each dev digit, and 1 where it is read wrongly. */
  readonly answers: Float32Array;
  readonly wrong: Uint8Array;
}

/** By seed. */
export type Halves = Readonly<Record<Twin, readonly Half[]>>;

function over(halves: Halves, edge: keyof Spread): Measured {
  const of = (twin: Twin, pick: (half: Half) => number): number => rangeOf(halves[twin].map(pick))[edge];
  const point = (twin: Twin): Point => {
    const names = Object.keys(halves[twin][0]?.point ?? {}) as Quantity[];
    return Object.fromEntries(names.map(name => [name, of(twin, half => half.point[name])])) as unknown as Point;
  };
  const costs = (twin: Twin): number[] =>
    (halves[twin][0]?.costs ?? []).map((_, i) => of(twin, half => half.costs[i] ?? Number.NaN));
  return {
    plain: point('plain'),
    regularized: point('regularized'),
    costs: { plain: costs('plain'), regularized: costs('regularized') },
  };
}

export function epochOf(epoch: number, halves: Halves): Epoch {
  const [plain, regularized] = twins.map(twin => halves[twin].map(({ wrong }) => wrong));
  const isSeveral = halves.plain.length > 1;
  return {
    epoch,
    ...over(halves, 'middle'),
    ...(isSeveral && { band: { lower: over(halves, 'lower'), upper: over(halves, 'upper') } }),
    gain: gainOf(plain ?? [], regularized ?? []),
    devDigits: halves.plain[0]?.wrong.length ?? 0,
  };
}
