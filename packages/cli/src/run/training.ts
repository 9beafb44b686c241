/** Makes model and options from a config in JSON, independent of the data. */
import { dirname, isAbsolute, join } from 'node:path';
import type { JsonConfig, Training } from '../config/config.ts';
import { classWeightOf } from '../config/make/classWeight.ts';
import { modelOf } from '../config/make/model.ts';
import { optimizerOf } from '../config/make/optimizers.ts';
import { pluginOf } from '../config/make/plugins.ts';
import { strangersIn } from '../config/make/strangers.ts';
import { checkUnits } from '../config/make/units.ts';

/** Resolves the names of files in a config: their paths are relative to it. */
export const pathFrom =
  (owner: string) =>
  (name: string): string =>
    isAbsolute(name) ? name : join(dirname(owner), name);

interface Beginning {
  /** The seed of the initial weights. */
  readonly seed: number;
  /** The shape of one row of x. */
  readonly inputShape: readonly number[];
}

/** The parts of a config that do not depend on the rows. */
export type Trainable = Omit<JsonConfig, 'data'> & Partial<Pick<JsonConfig, 'data'>>;

/** @throws OptionError for layers, plugins and optimizers that do not exist, or that refuse their options; nothing is left behind then */
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
