/** From what a file holds to a model. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { dispose, engine, io, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { checkCalls } from './calls.ts';
import { packageOf, packagesIn, unknownClassIn } from './classes.ts';
import * as messages from './messages.ts';
import { bytesIn, checkedWeights, isGraph } from './modelJson.ts';

/**
 * A model from its topology and weights. What was made of one that fails is disposed.
 * @param what how errors call it
 * @throws DataError for what is no layers model, for layers that there are not, for calls of layers that can never be made, and for weights that are not theirs
 */
export async function modelFrom(what: string, artifacts: io.ModelArtifacts): Promise<LayersModel> {
  if (isGraph(artifacts)) throw new DataError(messages.graphModel(what));
  checkCalls(what, artifacts.modelTopology);
  const { weightData, ...others } = artifacts;
  const specs = weightData === undefined ? [] : checkedWeights(what, others.weightSpecs);
  const data = weightData === undefined ? undefined : io.CompositeArrayBuffer.join(weightData);
  const wanted = specs.reduce((sum, spec) => sum + bytesIn(spec), 0);
  if (data && data.byteLength !== wanted)
    throw DataError.of(what, `${wanted} bytes of weights`, String(data.byteLength));
  checkNames(what, specs);
  const before = new Set(Object.keys(engine().registeredVariables));
  let model: LayersModel | undefined;
  try {
    model = await loadLayersModel(io.fromMemory(withFastStart(others, data)));
    if (data) await putInto(model, io.decodeWeights(data, others.weightSpecs ?? []), others.weightSpecs ?? []);
    return model;
  } catch (error) {
    model?.dispose();
    if (!model) disposeNew(before);
    throw explained(what, error, packagesIn(others.userDefinedMetadata));
  }
}

/** TF.js keeps one of two weights with the same name, and forgets to dispose the other. */
function checkNames(what: string, specs: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (seen.has(name)) throw DataError.of(what, 'a name for each weight, each one once', `${show(name)} twice`);
    seen.add(name);
  }
}

/**
 * TF.js makes no random weights for a model whose weights it has, but keeps what it has read of those that do not fit. So it is shown the weights
 * where it asks whether there are any, and not where it puts them in. A marked seam, read in tfjs-layers 4.22: with other questions, weights are random at
 * first, and the same in the end.
 */
function withFastStart(artifacts: io.ModelArtifacts, data: ArrayBuffer | undefined): io.ModelArtifacts {
  let questions = 0;
  return Object.defineProperty({ ...artifacts }, 'weightData', {
    get: () => (data && questions++ === 0 ? data : undefined),
  });
}

/** Puts weights into a model, and those of its optimizer into that; they are disposed however it ends. */
async function putInto(
  model: LayersModel,
  tensors: NamedTensorMap,
  specs: readonly io.WeightsManifestEntry[],
): Promise<void> {
  try {
    const ofOptimizer = specs.filter(({ group }) => group === 'optimizer').map(({ name }) => name);
    const slots = ofOptimizer.flatMap((name): { name: string; tensor: Tensor }[] => {
      const tensor = tensors[name];
      return tensor ? [{ name, tensor }] : [];
    });
    const own = Object.entries(tensors).filter(([name]) => !ofOptimizer.includes(name));
    withoutConstraints(model, () => model.loadWeights(Object.fromEntries(own), true));
    if (slots.length && model.optimizer) await model.optimizer.setWeights(slots);
  } finally {
    dispose(tensors);
  }
}

/**
 * Constraints act after updates. TF.js lets them act on weights that are put in, too, so that a model would not be the one that was saved. A marked seam, read
 * in tfjs-layers 4.22: `LayerVariable.write` applies `constraint`.
 */
function withoutConstraints(model: LayersModel, f: () => void): void {
  const kept = model.weights.map(weight => [weight, Reflect.get(weight, 'constraint')] as const);
  for (const [weight] of kept) Reflect.set(weight, 'constraint', null);
  try {
    f();
  } finally {
    for (const [weight, constraint] of kept) Reflect.set(weight, 'constraint', constraint);
  }
}

/** Layers that a model did not come to have: nobody else can dispose them. */
function disposeNew(before: ReadonlySet<string>): void {
  for (const [name, variable] of Object.entries(engine().registeredVariables))
    if (!before.has(name)) variable.dispose();
}

/** @param packages those of others that the model says its layers are from */
function explained(what: string, error: unknown, packages: readonly string[]): DataError {
  if (error instanceof DataError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const unknown = unknownClassIn(reason);
  if (!unknown) return new DataError(messages.notLoaded(what, reason), { cause: error });
  const { kind, name } = unknown;
  const own = packageOf(name);
  return new DataError(messages.unknownClass(what, kind, name, own === undefined ? packages : [own]), { cause: error });
}
