/** Collects the code of one class of the script: the lines of `__init__` and `forward`. */
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { SafeTensor } from '../safetensors/dtypes.ts';
import type { HelperName } from './helpers.ts';
import type { Mask } from './layout.ts';
import { type Floats, stored } from './numbers.ts';

/** The parameter for a weight, and the map of its axes; undefined if they are no longer axes. */
export interface Parameter {
  /** For example `encoder.dense.weight`. */
  readonly path: string;
  readonly axis: ((axis: number) => number) | undefined;
}

/** State shared by all classes of one script. */
export interface Script {
  /** Functions and modules that PyTorch does not have, and that the script includes. */
  readonly helpers: Set<HelperName>;
  /** The tensors for the file of weights, by their names in `state_dict`. */
  readonly tensors: Record<string, SafeTensor>;
  /** The parameters for each weight. */
  readonly parameters: Map<unknown, Parameter[]>;
  /** The numbers of each weight. */
  numbersOf(weight: LayerVariable): Floats;
  /** The classes of nested models, in the order in which they must be written. */
  readonly classes: string[];
  /** Class names in use. */
  readonly classNames: Set<string>;
  /** Notes at the top of the script about differences. */
  readonly notes: Set<string>;
}

/** How the numbers of a weight are converted, and the new position of each axis. */
export interface Change {
  readonly numbers?: (floats: Floats) => Floats;
  readonly axis?: ((axis: number) => number) | undefined;
}

export class ModuleWriter {
  readonly script: Script;
  /** The name of this module in `state_dict`, followed by a dot; empty for the whole model. */
  readonly prefix: string;
  readonly init: string[] = [];
  readonly forward: string[] = [];
  /** The mask that TensorFlow.js would pass to a layer whose inputs have none. */
  mask: Mask;
  /** Whether this model has masks; recurrent layers then take them. */
  hasMasks = false;
  /** Weights of a wrapped layer, each with a function that stores it for the wrapper. */
  readonly wrapped = new Map<LayerVariable, (name: string, change: Change) => void>();
  readonly #made = new Set<string>();

  constructor(script: Script, prefix: string) {
    this.script = script;
    this.prefix = prefix;
  }

  /** Writes `self.name = …`, only once even if the layer is called several times. Returns whether this was the first time. */
  member(name: string, expr: string, ...more: readonly string[]): boolean {
    if (this.#made.has(name)) return false;
    this.#made.add(name);
    this.init.push(`self.${name} = ${expr}`, ...more);
    return true;
  }

  /** Stores a weight under a name of `state_dict`, or passes it to its wrapper. */
  weight(name: string, weight: LayerVariable, change: Change = {}): void {
    const put = this.wrapped.get(weight);
    if (put) put(name, change);
    else this.store(name, weight, change);
  }

  /** Stores a weight without its wrapper. */
  store(name: string, weight: LayerVariable, { numbers = same, axis = unmoved }: Change = {}): void {
    const path = this.prefix + name;
    this.script.tensors[path] = stored(numbers(this.script.numbersOf(weight)));
    const key = weight.read();
    const known = this.script.parameters.get(key) ?? [];
    if (!known.some(parameter => parameter.path === path)) this.script.parameters.set(key, [...known, { path, axis }]);
  }

  /** Stores numbers that are not a weight of the model. */
  constant(name: string, tensor: SafeTensor): void {
    this.script.tensors[this.prefix + name] = tensor;
  }

  /** Adds a helper to the script, and returns its name. */
  helper(name: HelperName): HelperName {
    this.script.helpers.add(name);
    return name;
  }

  line(text: string): void {
    this.forward.push(text);
  }
}

const same = (floats: Floats): Floats => floats;
const unmoved = (axis: number): number => axis;
