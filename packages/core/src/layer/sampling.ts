/** Inference with layer plugins active as in training: one sample of the predictions of a model with dropout. */
import type { RandomKey } from '../contract.ts';
import type { Layer } from '../model/layerTree.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { ForwardPass, withPass } from './pass.ts';

/**
 * The step of the first sample. It lies beyond every update, so no mask of training is drawn again, and schedules have ended.
 * @example
 * FIRST_SAMPLE; // 1073741824
 */
export const FIRST_SAMPLE = 2 ** 30;

/** Identifies the draw of the noise that `sampling` makes. */
export interface Sample extends Pick<RandomKey, 'seed'> {
  /** Index of the sample; each index has its own draws. */
  readonly index: number;
  /** The rows that `f` sees within all rows: [first, total]. The draws of a row do not depend on the batch size. */
  readonly rows: readonly [first: number, total: number];
  /** The layers that draw, in the order that determines their sites; a layer with its own seed keeps it. */
  readonly layers: readonly Layer[];
}

/**
 * Runs `f`, which calls a model without `training`, with its noise on: layer plugins draw, while batch norm and everything else that depends on
 * `training` stays in inference mode. Penalties are not collected.
 * @example
 * const sample = { seed: 7, index: 0, rows: [0, 64], layers: layerPluginsOf(model) };
 * const { value, drawn } = sampling(sample, () => model.predict(x));
 * @returns the value of `f`, and whether any layer drew
 */
export function sampling<T>({ seed, index, rows, layers }: Sample, f: () => T): { value: T; drawn: boolean } {
  const at = Object.freeze({
    step: FIRST_SAMPLE + index,
    phase: 'evaluate' as const,
    epoch: Number.MAX_SAFE_INTEGER,
    learningRate: 0,
    rows,
    key(): never {
      throw new PluginError(messages.keyOfDriver());
    },
  });
  const sites = new Map(layers.map((layer, ordinal) => [layer as object, ordinal]));
  const pass = new ForwardPass(at, seed, sites, { sampling: true });
  return { value: withPass(pass, f), drawn: pass.draws.any };
}
