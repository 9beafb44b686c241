/** How much is read of what others wrote. */

/** A file, packed or unpacked: 2 GiB, which one array can hold in every browser. */
export const MOST_BYTES = 2 ** 31;
/** The architecture as JSON. */
export const MOST_JSON = 2 ** 24;
/** Layers of a model, with those of the models in it. */
export const MOST_LAYERS = 20_000;
/** Models in models. */
export const DEEPEST = 50;
