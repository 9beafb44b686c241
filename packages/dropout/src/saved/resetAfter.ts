import { teachLoader } from '@keepprob/core/layers';
import type { serialization } from '@tensorflow/tfjs-core';

/** From now on GRU layers of Keras with `reset_after`, which TF.js refuses, are loaded as ours; all others as before. */
export function readResetAfter(ours: unknown): void {
  const cls = ours as serialization.SerializableConstructor<serialization.Serializable> & {
    readonly fromConfig: (cls: unknown, config: serialization.ConfigDict) => unknown;
  };
  teachLoader(
    'GRU',
    'resetAfter',
    load =>
      (stock, config, ...rest) =>
        config.resetAfter === true ? cls.fromConfig(cls, config) : load(stock, config, ...rest),
  );
}
