/** One class of the script, while it is written: what `__init__` makes, and what `forward` does. */
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import type { SafeTensor } from '../safetensors/dtypes.ts';
import type { HelperName } from './helpers.ts';
import type { Mask } from './layout.ts';
import { type Floats, stored } from './numbers.ts';

/** The parameter that a weight has become, and where its axes are there; undefined where they are no longer axes. */
export interface Parameter {
  /** `encoder.dense.weight`. */
  readonly path: string;
  readonly axis: ((axis: number) => number) | undefined;
}

/** What all classes of one script share. */
export interface Script {
  /** Functions and modules that PyTorch has not, and that the script brings. */
  readonly helpers: Set<HelperName>;
  /** What goes into the file of weights, by the names of `state_dict`. */
  readonly tensors: Record<string, SafeTensor>;
  /** What became of each weight. */
  readonly parameters: Map<unknown, Parameter[]>;
  /** The numbers of each weight. */
  numbersOf(weight: LayerVariable): Floats;
  /** The classes of nested models, in the order in which they must be written. */
  readonly classes: string[];
  /** Names of classes that are taken. */
  readonly classNames: Set<string>;
  /** What the script says at its head, of what is not quite the same. */
  readonly notes: Set<string>;
}

/** How the numbers of a weight change on their way, and where each of its axes ends. */
export interface Change {
  readonly numbers?: (floats: Floats) => Floats;
  readonly axis?: ((axis: number) => number) | undefined;
}

export class ModuleWriter {
  readonly script: Script;
  /** The name of this module in `state_dict`, with a dot behind it; empty for the whole model. */
  readonly prefix: string;
  readonly init: string[] = [];
  readonly forward: string[] = [];
  /** The mask that TensorFlow.js would give to a layer whose inputs have none. */
  mask: Mask;
  /** Whether there are masks in this model; recurrent layers then take them. */
  hasMasks = false;
  /** Weights that a wrapper computes with: it says where they go. */
  readonly wrapped = new Map<LayerVariable, (name: string, change: Change) => void>();
  readonly #made = new Set<string>();

  constructor(script: Script, prefix: string) {
    this.script = script;
    this.prefix = prefix;
  }

  /** `self.name = …`, once however often the layer is called; answers whether this was the first time. */
  member(name: string, expr: string, ...more: readonly string[]): boolean {
    if (this.#made.has(name)) return false;
    this.#made.add(name);
    this.init.push(`self.${name} = ${expr}`, ...more);
    return true;
  }

  /** A weight under a name of `state_dict`. */
  weight(name: string, weight: LayerVariable, change: Change = {}): void {
    const put = this.wrapped.get(weight);
    if (put) put(name, change);
    else this.store(name, weight, change);
  }

  /** The same, past a wrapper. */
  store(name: string, weight: LayerVariable, { numbers = same, axis = unmoved }: Change = {}): void {
    const path = this.prefix + name;
    this.script.tensors[path] = stored(numbers(this.script.numbersOf(weight)));
    const key = weight.read();
    const known = this.script.parameters.get(key) ?? [];
    if (!known.some(parameter => parameter.path === path)) this.script.parameters.set(key, [...known, { path, axis }]);
  }

  /** Numbers that no weight of the model holds. */
  constant(name: string, tensor: SafeTensor): void {
    this.script.tensors[this.prefix + name] = tensor;
  }

  /** A helper that the script needs, by the name that it has there. */
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
