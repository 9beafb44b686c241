/**
 * Changes how TF.js loads layers of a class. A marked seam: read in tfjs-core 4.22, where a class is registered as a pair of the class and its `fromConfig`.
 */
import { serialization } from '@tensorflow/tfjs-core';

/** Makes a layer of a class from the config in a file. */
export type Loader = (cls: unknown, config: serialization.ConfigDict, ...rest: readonly unknown[]) => unknown;
type Registered = [cls: unknown, load: Loader];

const isRegistered = (value: unknown): value is Registered => Array.isArray(value) && typeof value[1] === 'function';

/**
 * Changes how TF.js loads the layers of a class from now on: `taught` makes a new loader from the current one. Each `lesson` is applied once, even if there
 * are several copies of this package.
 * @example
 * teachLoader('Dense', 'dense without units is dense of one', load => (cls, config, ...rest) => load(cls, { units: 1, ...config }, ...rest));
 */
export function teachLoader(className: string, lesson: string, taught: (load: Loader) => Loader): void {
  const mark = Symbol.for(`keepprob.${lesson}`);
  const known = new Map<string, unknown>(Object.entries(serialization.SerializationMap.getMap().classNameMap)).get(
    className,
  );
  if (!isRegistered(known) || mark in known[1]) return;
  known[1] = Object.assign(taught(known[1]), { [mark]: true });
}
