/** The messages of this package. Each says what was expected, what was received, and what to do. */

export const notInWorker = (): string =>
  'serveFit was called in the main thread. Call it in the module of a worker, and pass that module to fitInWorker.';
const list = (names: readonly string[]): string => (names.length ? names.join(', ') : '(none)');

export const nameUnknown = (
  owner: string,
  option: string,
  name: string,
  nearest: string | undefined,
  known: readonly string[],
): string =>
  `${owner}: option \`${option}\`: TF.js knows no ${option} "${name}".${nearest ? ` Did you mean "${nearest}"?` : ''} Known: ${list(known)}.`;
export const logsCollide = (owner: string, option: string, name: string, of: readonly string[]): string =>
  `${owner}: invalid value for option \`${option}\`. Two logs would have the name "${name}": ${of.join(' and ')}. Give the metric's function, or the output's layer, another name.`;
export const tensorMissing = (name: string, given: readonly string[]): string =>
  `the batch has no tensor "${name}", only ${list(given)}. A hook \`batch\` must return every tensor that it receives.`;
export const optionRejected = (owner: string, option: string, reason: string): string =>
  `${owner}: option \`${option}\`: ${reason}`;
const WHY_ROWS = {
  weights: 'Rows have weights',
  masks: 'A mask (maskZero, Masking) leaves out some time steps of this output',
  'one by one': 'Rows are evaluated one by one',
};
export const perSample = (
  why: keyof typeof WHY_ROWS,
  owner: string,
  option: string,
  output: string,
  shape: readonly number[],
  received: readonly number[],
): string =>
  `${owner}: option \`${option}\`: the function for output "${output}" gives a tensor of shape [${received}]. ` +
  `${WHY_ROWS[why]}, so it must return one number for each of them: shape [${shape}], or [${shape}, …]. ` +
  'tf.metrics.meanSquaredError does so, tf.losses.meanSquaredError gives one number for the batch.';
export const oneUnit = (output: string, loss: string): string =>
  `fit: the loss '${loss}' of output "${output}", which has one unit, is 0 whatever it predicts, so it learns nothing. ` +
  "Use 'binaryCrossentropy' with a sigmoid, or one unit for each class with a softmax.";
export const maskEnds = (model: string): string =>
  `fit: the mask of time steps (maskZero, Masking) ends at the model "${model}", and TF.js does not pass it on. Padded steps count in everything after that model, including the loss. ` +
  'Call the layers of that model one by one instead, or give padded steps the sample weight 0.';
export const fitsAtOnce = (model: string): string =>
  `fit: model "${model}" is already being trained. Await that run, or train another model.`;
export const nothingToTrain = (model: string): string =>
  `fit: model "${model}" has no weights to train: every layer is frozen (trainable: false) or has none. Unfreeze a layer, or use evaluateRows.`;

const goOn = (saved: number | undefined): string =>
  saved === undefined
    ? 'Nothing of this run is saved; set `checkpoint` to be able to resume.'
    : `The run is saved up to update ${saved}; continue it with \`resume: true\`.`;
export const backendLost = (backend: string, why: string, saved: number | undefined): string =>
  `backend "${backend}" was lost (${why}), and the weights in it are gone. First load the page again, or register the backend again. ${goOn(saved)}`;
export const workersSilent = (ms: number, saved: number | undefined): string =>
  `fitInWorker: training was asked to end, but its workers have said nothing for ${ms / 1000} s (\`grace\`), so they were ended; the weights in them are gone. ${goOn(saved)}`;
export const workersDied = (times: number, why: string, saved: number | undefined): string =>
  `fitInWorker: its worker died ${times === 1 ? 'once' : `${times} times`} (\`restarts\` + 1), the last time because ${why}. ${goOn(saved)}`;
export const backendSilent = (backend: string, seconds: number, saved: number | undefined): string =>
  `training was asked to end, but backend "${backend}" has not returned the numbers of the current step for ${seconds} s. ${goOn(saved)}`;
