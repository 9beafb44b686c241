/** Makes models from the contents of files. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { dispose, engine, io, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { checkCalls } from './calls.ts';
import { packageOf, packagesIn, unknownClassIn } from './classes.ts';
import * as messages from './messages.ts';
import { bytesIn, checkedWeights, isGraph } from './modelJson.ts';

/**
 * Makes a model from its topology and weights. If this fails, everything made so far is disposed.
 * @param what its name in errors
 * @throws DataError for anything that is not a layers model, for unknown layers, for layer calls that can never be made, and for weights that do not match
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

/** Rejects duplicate names: TF.js keeps one of two weights with the same name, and does not dispose the other. */
function checkNames(what: string, specs: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of specs) {
    if (seen.has(name)) throw DataError.of(what, 'a name for each weight, each one once', `${show(name)} twice`);
    seen.add(name);
  }
}

/**
 * TF.js skips random initialization for a model whose weights are given, but leaks the weights it has read if they do not fit. So it sees the weights when it asks
 * whether there are any, but not when it would assign them. A marked seam, checked against tfjs-layers 4.22: if it asked in another way, weights would be random at
 * first, and the same in the end.
 */
function withFastStart(artifacts: io.ModelArtifacts, data: ArrayBuffer | undefined): io.ModelArtifacts {
  let questions = 0;
  return Object.defineProperty({ ...artifacts }, 'weightData', {
    get: () => (data && questions++ === 0 ? data : undefined),
  });
}

/** Assigns weights to a model, and those of its optimizer to the optimizer. The tensors are disposed in any case. */
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
 * Constraints act after updates. TF.js also applies them to weights that are loaded, so that the model would differ from the saved one. A marked seam, checked
 * against tfjs-layers 4.22: `LayerVariable.write` applies `constraint`.
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

/** Disposes the weights of layers whose model was never made: nothing else can dispose them. */
function disposeNew(before: ReadonlySet<string>): void {
  for (const [name, variable] of Object.entries(engine().registeredVariables))
    if (!before.has(name)) variable.dispose();
}

/** @param packages third-party packages that the model names as the source of its layers */
function explained(what: string, error: unknown, packages: readonly string[]): DataError {
  if (error instanceof DataError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  const unknown = unknownClassIn(reason);
  if (!unknown) return new DataError(messages.notLoaded(what, reason), { cause: error });
  const { kind, name } = unknown;
  const own = packageOf(name);
  return new DataError(messages.unknownClass(what, kind, name, own === undefined ? packages : [own]), { cause: error });
}
