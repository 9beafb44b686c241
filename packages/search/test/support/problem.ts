/** A small problem whose numbers are known, and engines whose units end in another order than they began. */
import '@tensorflow/tfjs-backend-cpu';
import { uniforms } from '@keepprob/core/random';
import type { Engine, Pruner, Trial, UnitResult } from '../../src/contract.ts';
import { TrialError } from '../../src/errors.ts';
import { keepProb } from '../../src/space/makers.ts';
import { kFold } from '../../src/splits/kFold.ts';

export { rows } from '../programs/rows.mjs';

export const space = { keep: keepProb(0.3, 1) };

interface Values {
  readonly keep: number;
}

/** Best at 0.6, where it is 1; each fold has an error of its own that all trials share, and each unit one of its own. */
export const truth = ({ keep }: Values, fold: number, seed: number): number => {
  const [own = 0] = uniforms({ seed, step: Math.round(keep * 1e6), site: 1, draw: 0 }, 1);
  const [shared = 0] = uniforms({ seed: 1, step: fold, site: 2, draw: 0 }, 1);
  return 1 + 4 * (keep - 0.6) ** 2 + 0.3 * shared + 0.02 * own;
};

/** Where keep is too small, there is no number. */
export const failsBelow =
  (least: number): typeof truth =>
  (values, ...at) =>
    values.keep < least ? Number.NaN : truth(values, ...at);

/** Ends what is worse than the best by more than .2 in the mean. */
export const pruner: Pruner = {
  name: 'worse',
  prune: pairs => pairs.reduce((sum, { value, best }) => sum + value - best, 0) / pairs.length > 0.2,
};

/** Of a search that says nothing, and comes to the same each time. */
export const settings = {
  space,
  seed: 7,
  progress: false,
  folds: kFold({ k: 4 }),
  confirm: { top: 2, seeds: 1 },
} as const;

/** A trial that trains by itself. */
export const formula: Trial<Values> = (values, { fold, seed }) => truth(values, fold, seed);

interface FakeOptions {
  readonly size?: number;
  /** In which order units end: numbers of turns that they take. */
  readonly turns?: (unit: number) => number;
  readonly value?: typeof truth;
  /** What a unit tells of each epoch before it ends. */
  readonly curve?: (values: Values) => readonly number[];
  readonly onUnit?: (count: number) => void;
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Computes a formula, `size` units at a time. */
export function fake({
  size = 1,
  turns = () => 1,
  value = truth,
  curve = () => [],
  onUnit = () => undefined,
}: FakeOptions = {}): Engine {
  return {
    name: 'fake',
    async open() {
      let count = 0;
      return {
        size,
        async run({ unit, values }, { signal, onEpoch }): Promise<UnitResult> {
          const index = count++;
          onUnit(index);
          const epochs = curve(values as { keep: number });
          for (const [i, of] of epochs.entries()) onEpoch?.(i + 1, of);
          for (let left = turns(index); left > 0; left--) {
            await turn();
            signal.throwIfAborted();
          }
          const number = value(values as { keep: number }, unit.fold, unit.seed);
          if (!Number.isFinite(number)) throw new TrialError(`it is ${number}`);
          return { ...unit, value: number, train: null, epochs: 1, curve: epochs, seconds: 0, backend: 'none' };
        },
        close: async () => undefined,
      };
    },
  };
}
