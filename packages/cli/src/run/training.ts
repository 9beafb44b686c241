/** From a config in JSON to model and options, whatever they are trained on. */
import { dirname, isAbsolute, join } from 'node:path';
import type { JsonConfig, Training } from '../config/config.ts';
import { classWeightOf } from '../config/make/classWeight.ts';
import { modelOf } from '../config/make/model.ts';
import { optimizerOf } from '../config/make/optimizers.ts';
import { pluginOf } from '../config/make/plugins.ts';
import { strangersIn } from '../config/make/strangers.ts';
import { checkUnits } from '../config/make/units.ts';

/** Finds files that a config names: their paths are relative to it. */
export const pathFrom =
  (owner: string) =>
  (name: string): string =>
    isAbsolute(name) ? name : join(dirname(owner), name);

interface Beginning {
  /** Of the initial weights. */
  readonly seed: number;
  /** Of one row of x. */
  readonly inputShape: readonly number[];
}

/** What of a config is trained, on whatever rows. */
export type Trainable = Omit<JsonConfig, 'data'> & Partial<Pick<JsonConfig, 'data'>>;

/** @throws OptionError for layers, plugins and optimizers that there are not, or that refuse their options; nothing is left of them then */
export async function trainingOf(
  owner: string,
  config: Trainable,
  beginning: Beginning,
): Promise<Pick<Training, 'model' | 'options'>> {
  const { $schema: _, model: layers, data, optimizer, plugins = [], seed, metrics, classWeight, ...handed } = config;
  const weights = classWeight && classWeightOf(owner, classWeight, data?.classes);
  const strangers = await strangersIn(owner, { model: layers, plugins });
  const model = await modelOf(layers, pathFrom(owner), { owner, strangers, ...beginning });
  try {
    if (data) checkUnits(owner, model, data);
    const options = {
      ...handed,
      ...(seed !== undefined && { seed }),
      ...(weights && { classWeight: weights }),
      ...(metrics && { metrics: [...metrics] }),
      plugins: plugins.map((plugin, i) => pluginOf(`${owner}: plugins[${i}]`, plugin, model, strangers)),
      optimizer: optimizerOf(`${owner}: optimizer`, optimizer),
    };
    return { model, options };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
