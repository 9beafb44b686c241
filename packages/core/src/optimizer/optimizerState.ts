/**
 * The state of an optimizer, by the paths of weights instead of the positions and names that TF.js counts per process. A marked seam: read in
 * tfjs-core 4.22, where an optimizer keeps lists of slots, one per kind, and single variables such as Adam's powers of β. Its own getWeights returns neither
 * those nor the state of Adamax, and setWeights recomputes the powers, a few bits off.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Json, State, Tensors, Weight } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { plainFields } from './optimizerMemory.ts';
import { isSlots, type Slot, split } from './optimizerSlots.ts';
import { checkOptimizer, learningRateOf, setLearningRate, setRoster } from './optimizers.ts';

interface Values {
  readonly learningRate: number;
  readonly iterations: number;
  /** The suffix that TF.js uses for the slots of a field. */
  readonly kinds: Readonly<Record<string, string>>;
  /** The other plain fields of a custom optimizer, apart from its options. */
  readonly fields?: Readonly<Record<string, Json>>;
}

/**
 * The state of an optimizer: slots as `field/path` and single variables as `field` in `tensors`; learning rate, iterations and plain fields in `values`.
 * The caller owns the tensors. Slots of weights that are not among `weights` are left out, and so are the fields listed by `unsavedFields`.
 * @example
 * const { tensors, values } = optimizerState(tf.train.adam(1e-3), weights);
 * values.learningRate; // 0.001
 * tf.dispose(tensors);
 */
export function optimizerState(optimizer: tf.Optimizer, weights: readonly Weight[]): State {
  checkOptimizer(optimizer);
  const paths = new Map(weights.map(({ variable, path }) => [variable.name, path]));
  const tensors: Record<string, tf.Tensor> = {};
  const kinds: Record<string, string> = {};
  for (const [field, value] of Object.entries(optimizer)) {
    if (value instanceof tf.Variable) tensors[field] = tf.keep(tf.clone(value));
    if (!isSlots(value)) continue;
    for (const slot of value) {
      const [owner, kind] = split(slot);
      const path = paths.get(owner);
      if (path === undefined) continue;
      kinds[field] = kind;
      tensors[`${field}/${path}`] = tf.keep(tf.clone(slot.variable));
    }
  }
  const { iterations } = optimizer;
  const fields = plainFields(optimizer);
  const values = { learningRate: learningRateOf(optimizer), iterations, kinds };
  return { tensors, values: Object.keys(fields).length ? { ...values, fields } : values };
}

/**
 * Replaces the state of an optimizer by one from `optimizerState`, of the same class. The caller still owns the tensors.
 * @example
 * const state = optimizerState(tf.train.adam(1e-3), weights);
 * const optimizer = tf.train.adam(0.1);
 * restoreOptimizer(optimizer, state, weights);
 * learningRateOf(optimizer); // 0.001
 * @throws PluginError, before anything changes, if a slot belongs to no weight or has another shape
 */
export function restoreOptimizer(optimizer: tf.Optimizer, state: State, weights: readonly Weight[]): void {
  checkOptimizer(optimizer);
  const { tensors, values } = isObject(state) ? state : { tensors: {}, values: null };
  if (!areValues(values) || !isObject(tensors))
    throw new PluginError(messages.optimizerState(optimizer.getClassName()));
  const { learningRate, iterations, kinds, fields: plain = {} } = values;
  const owners = checkSlots(optimizer, tensors, weights);
  const before = new Map<string, unknown>(Object.entries(optimizer));
  tf.tidy(() => {
    // a custom optimizer may create its variables and lists when it first needs them
    for (const field of new Set([...before.keys(), ...Object.keys(tensors).map(fieldOf)])) {
      const value = before.get(field);
      const single = tensors[field];
      if (single) {
        if (value instanceof tf.Variable) value.assign(single as tf.Tensor<tf.Rank>);
        else Object.assign(optimizer, { [field]: tf.variable(single, false) });
      }
      const saved = owners.filter(({ path }) => tensors[`${field}/${path}`]);
      if (!isSlots(value) && !saved.length) continue;
      if (isSlots(value)) tf.dispose(value.map(slot => slot.variable));
      // a field without saved slots stays empty: only centered RMSProp has means of gradients
      const slots = saved.map(({ path, variable }): Slot => {
        const slot = tf.clone(tensors[`${field}/${path}`] as tf.Tensor);
        return { originalName: `${variable.name}/${kinds[field]}`, variable: tf.variable(slot, false) };
      });
      Object.assign(optimizer, { [field]: slots });
    }
    Object.assign(optimizer, structuredClone(plain));
  });
  setRoster(
    optimizer,
    owners.map(({ variable }) => variable.name),
  );
  setLearningRate(optimizer, learningRate);
  Object.assign(optimizer, { iterations_: iterations });
}

/** The field that a tensor belongs to: `m` for `m/0-Dense/kernel`. */
const fieldOf = (name: string): string => name.split('/', 1)[0] ?? name;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const areValues = (values: unknown): values is Values =>
  isObject(values) &&
  'learningRate' in values &&
  typeof values.learningRate === 'number' &&
  'iterations' in values &&
  typeof values.iterations === 'number' &&
  'kinds' in values &&
  isObject(values.kinds) &&
  Object.values(values.kinds).every(kind => typeof kind === 'string');

/** The weights that have slots, in the order of `weights`. */
function checkSlots(optimizer: tf.Optimizer, tensors: Tensors, weights: readonly Weight[]): Weight[] {
  const byPath = new Map(weights.map(weight => [weight.path, weight]));
  const owners = new Set<Weight>();
  for (const [name, tensor] of Object.entries(tensors)) {
    const at = name.indexOf('/');
    const field = fieldOf(name);
    const weight = at < 0 ? undefined : byPath.get(name.slice(at + 1));
    if (!(field in optimizer) || (at >= 0 && !weight)) {
      throw new PluginError(messages.optimizerSlot(optimizer.getClassName(), name));
    }
    if (!weight) continue;
    if (!tf.util.arraysEqual(weight.variable.shape, tensor.shape)) {
      throw new PluginError(messages.shapeChanged(name, weight.variable.shape, tensor.shape));
    }
    owners.add(weight);
  }
  return weights.filter(weight => owners.has(weight));
}
