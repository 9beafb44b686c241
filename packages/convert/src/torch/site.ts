/** One call of a layer, for the translations. */
import type { Call } from '@keepprob/core/driver';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { Settings } from '../network/settings.ts';
import { inLayout, type Layout, layoutFor, type Mask, type Traced } from './layout.ts';
import type { ModuleWriter } from './writer.ts';

export type Layer = Call['layer'];

export interface Site {
  readonly layer: Layer;
  /** The name of the layer in errors, preceded by those of the models around it. */
  readonly label: string;
  /** Its class in terms of Keras. */
  readonly className: string;
  readonly config: Settings;
  /** Its attribute in the script. */
  readonly name: string;
  /** The variable for its result. */
  readonly variable: string;
  readonly inputs: readonly Traced[];
  /** The mask of time steps that TensorFlow.js passes to it. */
  readonly mask: Mask;
  /** The shapes of its results, in TensorFlow.js. */
  readonly shapes: readonly Traced['shape'][];
  readonly write: ModuleWriter;
}

/** Writes the code of a call, and returns its results. */
export type Translate = (site: Site) => readonly Traced[];

/** @throws ConvertError always */
export function refuse({ label, className }: Pick<Site, 'label' | 'className'>, reason: string): never {
  const message = messages.untranslatable('exportTorch', label, className, reason);
  throw new ConvertError('untranslatable', message, { layer: label, className });
}

/** The only input. */
export function inputOf(site: Site): Traced {
  const [input, ...others] = site.inputs;
  if (!input || others.length) return refuse(site, `it takes one input, but has ${site.inputs.length}.`);
  return input;
}

/** Assigns an expression to the variable of the layer, and returns it as the first result. */
export function result(site: Site, expr: string, layout: Layout = 'last'): readonly [Traced] {
  const [shape = []] = site.shapes;
  site.write.line(`${site.variable} = ${expr}`);
  return [{ expr: site.variable, shape, layout: layoutFor(shape.length, layout) }];
}

/** A variable for each of the results. */
export const variables = ({ shapes, variable }: Site): string[] =>
  shapes.map((_, i) => (shapes.length === 1 ? variable : `${variable}_out${i}`));

/** The only input in a layout. */
export const given = (site: Site, layout: Layout): string => inLayout(inputOf(site), layout);

const nameOf = ({ originalName }: LayerVariable): string => originalName.slice(originalName.lastIndexOf('/') + 1);

/** A weight of a layer by its original name; undefined if there is none, as for a missing bias. */
export const weightNamed = (layer: Layer, name: string): LayerVariable | undefined =>
  layer.weights.find(weight => nameOf(weight) === name);

/** @throws ConvertError if there is none */
export const weightOf = (site: Site, name: string, layer = site.layer): LayerVariable =>
  weightNamed(layer, name) ?? refuse(site, `it has no weight "${name}".`);

/** The shape of a weight. */
export const shapeOf = (weight: LayerVariable): readonly number[] => weight.read().shape;
