/** What a run knows of what it trains: the weights and where layers draw. Read again when a variable turns up that was not there before. */
import { engine, type Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Weight } from '../contract.ts';
import { type BatchNormPlace, batchNormsOf, isFrozen } from '../layer/frozen.ts';
import { layerPluginsOf } from '../model/layerPlugins.ts';
import type { Layer } from '../model/layerTree.ts';
import { isVariables, type Variables, weightsOfVariables } from '../model/variables.ts';
import { weightsOf } from '../model/weights.ts';

/** What can be trained: a model, or variables by name. */
export type Trained = LayersModel | Variables;

export class Known {
  readonly #trained: Trained;
  #weights: readonly Weight[] = [];
  #sites: ReadonlyMap<object, number> = new Map();
  #batchNorms: readonly BatchNormPlace[] = [];
  #byVariable: ReadonlyMap<Variable, Weight> = new Map();
  /** Those of others that were trained: `others/name`, by path. */
  readonly #others = new Map<string, Weight>();
  /** Those that a second look did not find in the model either. */
  readonly #strangers = new WeakSet<Variable>();

  constructor(trained: Trained) {
    this.#trained = trained;
    this.#read();
  }

  /** Every weight of the model, frozen ones and statistics included: what plugins act on. */
  get weights(): readonly Weight[] {
    return this.#weights;
  }

  /** The ordinal of each layer plugin of the model. */
  get sites(): ReadonlyMap<object, number> {
    return this.#sites;
  }

  /** Whether somebody has disposed the model. */
  get disposed(): boolean {
    return this.#weights.some(({ variable }) => variable.isDisposed);
  }

  /** Batch norm that is frozen now, which trains at inference. */
  get frozenBatchNorms(): Layer[] {
    return this.#batchNorms.filter(isFrozen).map(({ layer }) => layer);
  }

  /** What is not in the model and was trained with it: a variable in the loss. Plugins leave it alone. */
  get others(): Iterable<Weight> {
    return this.#others.values();
  }

  /** Those that are trained where nothing else is said. */
  get trainable(): Variable[] {
    return this.#weights.filter(weight => weight.trainable).map(weight => weight.variable);
  }

  /** Before variables are asked about: reads the model again, once for all of them, where some are not known. It may have grown. */
  meet(variables: readonly Variable[]): void {
    const unknown = variables.filter(variable => !this.has(variable) && !this.#strangers.has(variable));
    if (!unknown.length) return;
    this.#read();
    for (const variable of unknown) if (!this.has(variable)) this.#strangers.add(variable);
  }

  /** Whether the model has the variable. */
  has(variable: Variable): boolean {
    return this.#byVariable.has(variable);
  }

  /** The weight of a variable; one that is not in the model is known from now on as one of `others`. */
  of(variable: Variable): Weight {
    const own = this.#byVariable.get(variable);
    if (own) return own;
    const other = strangerOf(variable);
    this.#others.set(other.path, other);
    return other;
  }

  #read(): void {
    this.#weights = isVariables(this.#trained) ? weightsOfVariables(this.#trained) : weightsOf(this.#trained);
    this.#byVariable = new Map(this.#weights.map(weight => [weight.variable, weight]));
    this.#batchNorms = isVariables(this.#trained) ? [] : batchNormsOf(this.#trained);
    const layers = isVariables(this.#trained) ? [] : layerPluginsOf(this.#trained);
    // the same map while the layers are the same: sites of layers that no walk finds are counted on from it
    const same =
      layers.length === this.#sites.size && layers.every((layer, ordinal) => this.#sites.get(layer) === ordinal);
    if (!same) this.#sites = new Map(layers.map((layer, ordinal) => [layer, ordinal]));
  }
}

const strangerOf = (variable: Variable): Weight =>
  Object.freeze({
    variable,
    path: `others/${variable.name}`,
    layer: '',
    role: 'other',
    fanInAxes: [],
    trainable: true,
  });

/** Every variable that TF.js trains where no list of them is given. */
export const registeredVariables = (): Variable[] =>
  Object.values(engine().registeredVariables).filter(variable => variable.trainable);
