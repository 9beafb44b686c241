/** What a run knows about the model it trains: the weights and the sites of layers. It is read again when a new variable appears. */
import { engine, type Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Weight } from '../contract.ts';
import { type BatchNormPlace, batchNormsOf, isFrozen } from '../layer/frozen.ts';
import { layerPluginsOf } from '../model/layerPlugins.ts';
import type { Layer } from '../model/layerTree.ts';
import { isVariables, type Variables, weightsOfVariables } from '../model/variables.ts';
import { weightsOf } from '../model/weights.ts';

/** A model, or variables by name, to train. */
export type Trained = LayersModel | Variables;

export class Known {
  readonly #trained: Trained;
  #weights: readonly Weight[] = [];
  #sites: ReadonlyMap<object, number> = new Map();
  #batchNorms: readonly BatchNormPlace[] = [];
  #byVariable: ReadonlyMap<Variable, Weight> = new Map();
  /** Trained variables outside the model, by path: `others/name`. */
  readonly #others = new Map<string, Weight>();
  /** Variables that were not found in the model on a second look either. */
  readonly #strangers = new WeakSet<Variable>();

  constructor(trained: Trained) {
    this.#trained = trained;
    this.#read();
  }

  /** Every weight of the model, including frozen ones and statistics: the weights that plugins act on. */
  get weights(): readonly Weight[] {
    return this.#weights;
  }

  /** The ordinal of each layer plugin of the model. */
  get sites(): ReadonlyMap<object, number> {
    return this.#sites;
  }

  /** Whether the model was disposed. */
  get disposed(): boolean {
    return this.#weights.some(({ variable }) => variable.isDisposed);
  }

  /** The currently frozen batch norm layers, which stay in inference mode during training. */
  get frozenBatchNorms(): Layer[] {
    return this.#batchNorms.filter(isFrozen).map(({ layer }) => layer);
  }

  /** Variables outside the model that are trained with it, such as a variable in the loss. Plugins leave them alone. */
  get others(): Iterable<Weight> {
    return this.#others.values();
  }

  /** The variables that are trained by default. */
  get trainable(): Variable[] {
    return this.#weights.filter(weight => weight.trainable).map(weight => weight.variable);
  }

  /** Call it before asking about variables: reads the model again, once for all of them, if some are unknown, since the model may have grown. */
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

  /** The weight of a variable; a variable outside the model is added to `others`. */
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
    // keeps the map while the layers are the same: the sites of layers that no walk finds follow from it
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

/** Every variable that TF.js trains if no list is given. */
export const registeredVariables = (): Variable[] =>
  Object.values(engine().registeredVariables).filter(variable => variable.trainable);
