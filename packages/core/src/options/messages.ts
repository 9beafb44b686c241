/** All user-facing messages in one place. Each says what was expected, what was received, and what to do. */
import { show } from './show.ts';

/** A copy of @keepprob/core. */
type Made = { readonly version: string; readonly apiVersion: number };

const oneCore =
  'Install one version of all @keepprob packages: `npm ls @keepprob/core` shows which of them bring another version.';

const list = (names: readonly string[]): string => (names.length ? names.join(', ') : '(none)');

export const option = (owner: string, option: string, expected: string, received: unknown): string =>
  `${owner}: invalid value for option \`${option}\`. Expected ${expected}. Received: ${show(received)}.`;
export const logUnknown = (
  owner: string,
  option: string,
  name: string,
  nearest: string | undefined,
  logs: readonly string[],
  isOfDev: boolean,
): string =>
  `${owner}: invalid value for option \`${option}\`. Expected one of the logs of this run (${list(logs)}). Received: ${show(name)}.` +
  (isOfDev
    ? ' Logs that begin with "val" need validation data: give the run `validation`.'
    : nearest
      ? ` Did you mean ${show(nearest)}?`
      : '');
export const optionMissing = (owner: string, option: string, expected: string): string =>
  `${owner}: option \`${option}\` is missing. Expected ${expected}.`;
export const optionUnknown = (
  owner: string,
  option: string,
  nearest: string | undefined,
  known: readonly string[],
): string =>
  `${owner}: unknown option \`${option}\`.${nearest ? ` Did you mean \`${nearest}\`?` : ''} Known: ${list(known)}.`;
export const optionsNotObject = (owner: string, received: unknown): string =>
  `${owner}: expected an object of options. Received: ${show(received)}.`;
export const bareNumber = (owner: string, option: string, expected: string, received: number): string =>
  `${owner}: a bare number does not say whether it is kept or dropped. Expected the option \`${option}\`: ${expected}. Received: ${show(received)}.`;
export const hookFailed = (plugin: string, hook: string, reason: string): string =>
  `plugin "${plugin}", hook ${hook}: ${reason}`;
export const hookUnsupported = (plugin: string, hook: string, host: string): string =>
  `plugin "${plugin}" has the hook \`${hook}\`, which ${host === 'loop' ? 'a loop written by hand' : 'stock fit'} cannot run. Use fit() of @keepprob/trainer, or leave it out.`;
export const needsCallback = (plugin: string, hook: string): string =>
  `plugin "${plugin}" has the hook \`${hook}\`, which needs the attached callback. Pass \`callbacks: reg.callback\` to model.fit.`;
export const needsDataset = (plugin: string): string =>
  `plugin "${plugin}" has the hook \`batch\`, which needs the attached data. Train with model.fitDataset(reg.dataset(ds), …).`;
export const needsLoopBatch = (plugin: string): string =>
  `plugin "${plugin}" has the hook \`batch\`, which changes batches. Train on what loop.batch({ x, y }) returns.`;
export const needsEpoch = (): string =>
  'the epoch is not known in stock fit unless the callback runs. Pass `callbacks: reg.callback` to model.fit.';
export const scalarExpected = (what: 'penalty' | 'loss', shape: readonly number[]): string =>
  `a ${what} must be a scalar (rank 0). Received shape [${shape}].`;
export const penaltyNoCollector = (): string =>
  'addPenalty was called in training with nothing to collect it. Train with attach() and model.fit, or with fit().';
export const gradientUnknown = (path: string): string =>
  `it returned a gradient for "${path}", which is not a weight of this update.`;
export const snapshotUnknown = (path: string): string =>
  `it returned a snapshot of "${path}", which is not a weight of this model.`;
export const coefficientUnknown = (path: string): string =>
  `it returned a coefficient for "${path}", which is not one of the weights it was given.`;
export const coefficient = (path: string, value: unknown): string =>
  `its coefficient for "${path}" must be a finite number ≥ 0. Received: ${show(value)}.`;
export const stateOfOthers = (plugins: number): string =>
  `the state is not one of these ${plugins} plugins. Restore it with the plugins that it was saved with, in their order.`;
export const gradientMissing = (path: string): string =>
  `it returned no gradient for "${path}". Return the one it was given to leave it alone.`;
export const shapeChanged = (path: string, expected: readonly number[], received: readonly number[]): string =>
  `the tensor for "${path}" has shape [${received}]; the weight has [${expected}].`;
export const streamUnknown = (owner: string, stream: string, known: readonly string[]): string =>
  `${owner}: random stream "${stream}" is not declared. Declared: ${list(known)}. Add it to \`streams\`.`;
export const keyOfDriver = (): string =>
  'only a plugin can draw a random key, at its own moment; this moment belongs to no plugin.';
export const apiVersion = (plugin: string, received: unknown, core: Made): string =>
  `plugin "${plugin}" speaks apiVersion ${show(received)}; @keepprob/core ${core.version}, which runs it, speaks ${core.apiVersion}. ${oneCore}`;
export const otherCore = (what: string, made: Made, core: Made): string => {
  const newest = made.apiVersion > core.apiVersion ? made : core;
  const said = ({ version, apiVersion }: Made): string => `@keepprob/core ${version} (apiVersion ${apiVersion})`;
  return `${what} was made with ${said(made)} and is used with ${said(core)}, which cannot work together. ${oneCore} The newer one here is ${newest.version}.`;
};
export const twoTensorFlows = (what: string): string =>
  `${what} was made with another copy of TensorFlow.js, and layers and models of two copies do not work together. ` +
  'Keep one version of it: `npm ls @tensorflow/tfjs-core @tensorflow/tfjs-layers` shows which packages bring another.';
export const notAPlugin = (received: unknown): string =>
  `expected a training plugin (a value of l2(…), earlyStopping(…), …). Received: ${show(received)}. Layer plugins such as dropout(…) go into the model.`;
export const functionNotSaved = (owner: string, option: string): string =>
  `${owner}: option \`${option}\` is a function, which cannot be saved. Use a schedule such as cosine({ from, to, steps }).`;
const cures = 'Lower the learning rate, clip the gradients, or check the data.';
const listed = (names: readonly string[]): string =>
  names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
export const costNotFinite = (J: number, step: number, epoch: number | undefined): string =>
  `the cost J is ${J} at step ${step}${inEpoch(epoch)}; the weights were not updated. ${cures}`;
/** @param grown a description of a number so large that products with it overflow; undefined if there is none */
export const gradientNotFinite = (
  paths: readonly string[],
  step: number,
  epoch: number | undefined,
  grown: string | undefined,
): string =>
  `the gradient of ${listed(paths)} has NaN or Infinity at step ${step}${inEpoch(epoch)}, although J is finite; the weights were not updated. ${
    grown === undefined
      ? '√0, log 0 and 0 / 0 in a loss or a layer have such gradients. Stay away from 0, as in tf.sqrt(tf.add(x, 1e-7)).'
      : `Numbers have grown too large (${grown}): the learning rate is probably too high. ${cures}`
  }`;
export const wasNotFinite = (step: number): string =>
  `the cost J or a gradient had NaN or Infinity at step ${step}, and the weights have been updated with it since, because this backend reports it late. Restore weights that were saved earlier. ${cures}`;
const inEpoch = (epoch: number | undefined): string => (epoch === undefined ? '' : ` (epoch ${epoch})`);
export const variableExpected = (path: string, received: unknown): string =>
  `expected a tf.Variable for "${path}". Received: ${show(received)}.`;
export const nothingToTrain = (): string =>
  'expected a tf.LayersModel, or an object of tf.Variables by name with at least one.';
export const modelDisposed = (step: number): string =>
  `the model was disposed while it was training, before step ${step}. Dispose it when fit has ended, or end fit first with an AbortSignal.`;
export const otherModel = (variable: string): string =>
  `the optimizer is attached to another model: none of the variables that it should train, such as "${variable}", is in the attached model. Attach the plugins to the model that you train.`;
export const gradientOfNothing = (name: string): string =>
  `there is a gradient for "${name}", and TF.js knows no variable of this name.`;
export const compiledWithout = (model: string): string =>
  `model "${model}" was not compiled with reg.optimizer, so no plugin takes part in its updates. Call model.compile({ optimizer: reg.optimizer, … }) before model.fit.`;
export const modelExpected = (owner: string, received: unknown, isGraphModel: boolean): string =>
  `${owner}expected a tf.LayersModel, such as tf.sequential, tf.model or tf.loadLayersModel returns. Received: ${show(received)}.` +
  (isGraphModel
    ? ' A GraphModel can only predict: its layers and weights are frozen into a graph. Convert the model with --output_format=tfjs_layers_model.'
    : '');
export const inputName = (name: string): string =>
  `an input of the model is called "${name}", like a property of every object, and TF.js cannot call such a model. Give tf.input another name.`;
export const modelNotBuilt = (owner: string, model: string): string =>
  `${owner}model "${model}" is not built. Give its first layer an inputShape, or call model.build().`;
export const outputTwice = (model: string, first: number, second: number): string =>
  `outputs ${first} and ${second} of model "${model}" are the same tensor, for which TF.js computes one value. Leave one out.`;
export const optimizerExpected = (received: unknown): string =>
  `expected a tf.Optimizer such as tf.train.adam(1e-3). Received: ${show(received)}.`;
export const epsilonVanishes = (name: string, given: number, used: number): string =>
  `optimizer ${name}: ε = ${given} is 0 in the half-precision textures of this device; ${used} is used. Set it yourself, as in tf.train.adam(1e-3, 0.9, 0.999, ${used}).`;
export const optimizerRate = (name: string): string => `the learning rate of optimizer ${name} cannot be read or set.`;
export const optimizerSlot = (name: string, slot: string): string =>
  `the state has "${slot}", for which optimizer ${name} of this model has no place. Use the optimizer and the model that it was saved with.`;
export const optimizerVariable = (name: string): string =>
  `the optimizer remembers variable "${name}", which was disposed. Use a new optimizer for a new model.`;
export const optimizerState = (name: string): string =>
  `the state is not one of optimizer ${name}: it lacks the learning rate, the iterations or the kinds of slots. Use a state from optimizerState.`;
export const optimizerMomentum = (name: string): string =>
  `optimizer ${name} has no momentum to set. Use tf.train.momentum(…) or tf.train.rmsprop(…).`;
export const oneInput = (owner: string, received: number): string =>
  `${owner}: the layer takes one input. Received: ${received}. Join them first, with tf.layers.concatenate() or tf.layers.add(), or put a layer on each.`;
export const severalInputs = (owner: string, inputs: number | undefined, received: number): string =>
  `${owner}: the layer joins ${inputs === undefined ? 'two inputs or more' : `${inputs} inputs`}. Received: ${received}. Apply it to a list: ${owner}().apply([left, right]).`;
export const inputsOfOneShape = (owner: string, shapes: readonly (readonly (number | null)[])[]): string =>
  `${owner}: its inputs must have one shape. Received: ${shapes.map(shape => `[${shape.map(size => size ?? '?').join(', ')}]`).join(' and ')}. Put a layer in front of one of them that brings it to the shape of the others.`;
export const layerUnknown = (owner: string, name: string, known: readonly string[]): string =>
  `${owner}: the model has no layer "${name}". Layers: ${list(known)}.`;
export const layersOfOneName = (owner: string, name: string, paths: readonly string[]): string =>
  `${owner}: the model has two layers "${name}": ${paths.join(' and ')}. Give one of them another name.`;
export const layersToChoose = (owner: string, name: string, paths: readonly string[]): string =>
  `${owner}: the model has ${paths.length} layers "${name}": ${paths.join(', ')}. Name the one that you mean by its path.`;
export const wrapBidirectional = (owner: string): string =>
  `${owner}: tf.layers.bidirectional reverses its layer, which it cannot do with a wrapper. Wrap it instead: ${owner}(tf.layers.bidirectional({ layer }), …).`;
export const wrapCell = (owner: string): string =>
  `${owner}: a recurrent cell cannot be wrapped. Wrap the layer around it instead: ${owner}(tf.layers.rnn({ cell }), …).`;
export const layerIsOutput = (owner: string, name: string): string =>
  `${owner}: layer "${name}" is an output of the model, and dropout never goes after an output. Name a layer before it.`;
export const disposed = (what: string): string => `${what} was disposed and can no longer be used.`;
export const data = (what: string, expected: string, received: string): string =>
  `${what}: expected ${expected}. Received: ${received}.`;

export const masksOfSeveralOutputs = (owner: string, outputs: number): string =>
  `${owner}: masks of time steps reach the losses of this model's ${outputs} outputs, and each counts another number of steps in a part of a batch. ` +
  'Train on whole batches, or give the model one output.';
