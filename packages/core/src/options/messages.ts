/** Every message that a user can meet, in one place. Each says what was expected, what came, and what to do. */

export const show = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'function') return `a function${value.name ? ` ${value.name}` : ''}`;
  if (typeof value === 'number' || value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  const text = JSON.stringify(value);
  return text === undefined
    ? Object.prototype.toString.call(value)
    : text.length > 80
      ? `${text.slice(0, 77)}...`
      : text;
};

const list = (names: readonly string[]): string => (names.length ? names.join(', ') : '(none)');

export const messages = {
  option: (owner: string, option: string, expected: string, received: unknown) =>
    `${owner}: invalid value for option \`${option}\`. Expected ${expected}. Received: ${show(received)}.`,
  optionMissing: (owner: string, option: string, expected: string) =>
    `${owner}: option \`${option}\` is missing. Expected ${expected}.`,
  optionUnknown: (owner: string, option: string, nearest: string | undefined, known: readonly string[]) =>
    `${owner}: unknown option \`${option}\`.${nearest ? ` Did you mean \`${nearest}\`?` : ''} Known: ${list(known)}.`,
  optionRejected: (owner: string, option: string, reason: string) => `${owner}: option \`${option}\`: ${reason}`,
  optionsNotObject: (owner: string, received: unknown) =>
    `${owner}: expected an object of options. Received: ${show(received)}.`,
  keepProbOrRate: (owner: string) =>
    `${owner}: expected exactly one of \`keepProb\` (the share kept) and \`rate\` (the share dropped, 1 − keepProb).`,
  bareNumber: (owner: string, received: number) =>
    `${owner}: a bare number does not say whether it is kept or dropped. Write { keepProb: ${received} } or { rate: ${received} }.`,

  hookFailed: (plugin: string, hook: string, reason: string) => `plugin "${plugin}", hook ${hook}: ${reason}`,
  hookUnsupported: (plugin: string, hook: string) =>
    `plugin "${plugin}" has the hook \`${hook}\`, which stock fit cannot run. Use fit() of @keepprob/trainer, or leave it out.`,
  needsCallback: (plugin: string, hook: string) =>
    `plugin "${plugin}" has the hook \`${hook}\`, which needs the attached callback. Pass \`callbacks: reg.callback\` to model.fit.`,
  needsDataset: (plugin: string) =>
    `plugin "${plugin}" has the hook \`batch\`, which needs the attached data. Train with model.fitDataset(reg.dataset(ds), …).`,
  needsEpoch: () =>
    'the epoch is not known in stock fit unless the callback runs. Pass `callbacks: reg.callback` to model.fit.',
  scalarExpected: (what: 'penalty' | 'loss', shape: readonly number[]) =>
    `a ${what} must be a scalar (rank 0). Received shape [${shape}].`,
  penaltyNoCollector: () =>
    'addPenalty was called in training with nothing to collect it. Train with attach() and model.fit, or with fit().',
  noSecondDerivative: (plugin: string, kernel: string) =>
    `${plugin} needs the derivative of a gradient, and TensorFlow.js has none for ${kernel}. Use strides instead of pooling, and no recurrent layers.`,
  gradientUnknown: (path: string) => `it returned a gradient for "${path}", which is not a weight of this update.`,
  snapshotUnknown: (path: string) => `it returned a snapshot of "${path}", which is not a weight of this model.`,
  coefficientUnknown: (path: string) =>
    `it returned a coefficient for "${path}", which is not one of the weights it was given.`,
  coefficient: (path: string, value: unknown) =>
    `its coefficient for "${path}" must be a finite number ≥ 0. Received: ${show(value)}.`,
  gradientMissing: (path: string) =>
    `it returned no gradient for "${path}". Return the one it was given to leave it alone.`,
  shapeChanged: (path: string, expected: readonly number[], received: readonly number[]) =>
    `the tensor for "${path}" has shape [${received}]; the weight has [${expected}].`,
  streamUnknown: (owner: string, stream: string, known: readonly string[]) =>
    `${owner}: random stream "${stream}" is not declared. Declared: ${list(known)}. Add it to \`streams\`.`,
  keyOfDriver: () => 'a random key is drawn by a plugin, at its own moment; this moment belongs to none.',
  apiVersion: (plugin: string, received: unknown) =>
    `plugin "${plugin}" speaks apiVersion ${show(received)}; this core speaks 1. Install matching versions of @keepprob/*.`,
  notAPlugin: (received: unknown) =>
    `expected a training plugin (a value of l2(…), earlyStopping(…), …). Received: ${show(received)}. Layer plugins such as dropout(…) go into the model.`,
  batchOnly: (owner: string, plugin: string, hook: string | undefined) =>
    `${owner} takes plugins that act on batches alone (mixup, randomFlip, …). Plugin "${plugin}" has ${hook ? `the hook \`${hook}\`` : 'no hook `batch`'}.`,
  functionNotSaved: (owner: string, option: string) =>
    `${owner}: option \`${option}\` is a function, which cannot be saved. Use a schedule such as cosine({ from, to, steps }).`,

  modelExpected: (received: unknown) => `expected a tf.LayersModel. Received: ${show(received)}.`,
  otherModel: (path: string) =>
    `the weight "${path}" is of another model than the one that the plugin was made for. Make it for the model that is trained.`,
  modelNotBuilt: (model: string) =>
    `model "${model}" is not built. Give its first layer an inputShape, or call model.build().`,
  optimizerExpected: (received: unknown) =>
    `expected a tf.Optimizer such as tf.train.adam(1e-3). Received: ${show(received)}.`,
  optimizerRate: (name: string) => `the learning rate of optimizer ${name} cannot be read or set.`,
  optimizerSlot: (name: string, slot: string) =>
    `the state has "${slot}", for which optimizer ${name} of this model has no place. Use the optimizer and the model that it was saved with.`,
  optimizerMomentum: (name: string) =>
    `optimizer ${name} has no momentum to set. Use tf.train.momentum(…) or tf.train.rmsprop(…).`,
  layerUnknown: (owner: string, name: string, known: readonly string[]) =>
    `${owner}: the model has no layer "${name}". Layers: ${list(known)}.`,
  wrapBidirectional: (owner: string) =>
    `${owner}: tf.layers.bidirectional turns its layer round and cannot do so with a wrapper. Wrap it instead: ${owner}(tf.layers.bidirectional({ layer }), …).`,
  wrapCell: (owner: string) =>
    `${owner}: a recurrent cell cannot be wrapped. Wrap the layer around it instead: ${owner}(tf.layers.rnn({ cell }), …).`,
  layerIsOutput: (owner: string, name: string) =>
    `${owner}: layer "${name}" is an output of the model, and dropout never goes behind an output. Name a layer before it.`,
  notAveraged: () =>
    'nothing averages the weights of this model: no update was averaged yet, or the run is over. Train with ema(…) or swa(…) of @keepprob/averaging.',
  notInWorker: () =>
    'serveFit belongs into the module of a worker: this is the main thread. Give the module to fitInWorker.',
  disposed: (what: string) => `${what} was disposed and cannot be used any more.`,

  notFinite: (quantity: string, value: number, step: number, epoch: number) =>
    `${quantity} is ${value} at step ${step} (epoch ${epoch}); the weights were not updated. ` +
    'Lower the learning rate, clip the gradients, or check the data.',
  data: (what: string, expected: string, received: string) => `${what}: expected ${expected}. Received: ${received}.`,
} as const;
