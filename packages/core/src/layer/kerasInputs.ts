/**
 * Keras 3 calls `batch_shape` what Keras 2 and TF.js call `batch_input_shape`. A marked seam: read in tfjs-core and tfjs-layers 4.22, where a class is
 * registered as the pair of itself and its `fromConfig`, and InputLayer takes `batchInputShape`.
 */
import { serialization } from '@tensorflow/tfjs-core';

type Loader = (cls: unknown, config: serialization.ConfigDict, ...rest: readonly unknown[]) => unknown;
type Registered = [cls: unknown, load: Loader];

/** The loaders that have been taught; the mark stands on the function, since there may be several copies of this package. */
const TAUGHT = Symbol.for('keepprob.kerasInputs');

/** From now on TF.js loads input layers with either name. */
export function readKerasInputs(): void {
  const classes: Readonly<Record<string, unknown>> = serialization.SerializationMap.getMap().classNameMap;
  const known = classes.InputLayer;
  if (!isRegistered(known) || TAUGHT in known[1]) return;
  const [, load] = known;
  known[1] = Object.assign<Loader, object>(
    (cls, { batchShape, ...config }, ...rest) =>
      load(cls, batchShape === undefined ? config : { batchInputShape: batchShape, ...config }, ...rest),
    { [TAUGHT]: true },
  );
}

const isRegistered = (value: unknown): value is Registered => Array.isArray(value) && typeof value[1] === 'function';
