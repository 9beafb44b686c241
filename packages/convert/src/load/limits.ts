/** Limits for files from other sources. */

/** Size of a file, packed or unpacked: 2 GiB, which one array can hold in every browser. */
export const MOST_BYTES = 2 ** 31;
/** Size of the architecture as JSON. */
export const MOST_JSON = 2 ** 24;
/** Number of layers of a model, including those of nested models. */
export const MOST_LAYERS = 20_000;
/** Depth of nested models. */
export const DEEPEST = 50;
