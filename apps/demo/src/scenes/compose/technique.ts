/** What the page knows of one technique. */
import type { Option, Value } from './option.ts';

export interface Technique {
  /** Its package. */
  readonly family: string;
  readonly kind: Kind;
  readonly name: string;
  readonly what: string;
  /** What its call gives. */
  readonly options: Readonly<Record<string, Value>>;
  /** What it does not go well with, and why. */
  readonly badly: Readonly<Record<string, string>>;
  /** What can be set of it: those of its call, and others that have a value without being given. */
  readonly settable: Readonly<Record<string, Option>>;
}

export type Kind =
  /** A layer behind each hidden one, a wrapper around each layer with weights, a plugin of the training. */
  | 'layer'
  | 'wrapper'
  | 'plugin'
  /** A plugin that does nothing but change the batch; one that goes around the next of these, and one that chooses among all that follow. */
  | 'batch'
  | 'around'
  | 'choice'
  /** A schedule of the learning rate, one of those that follow it one after the other, and one of keepProb of a dropout layer. */
  | 'rate'
  | 'rates'
  | 'keepProb'
  /** A plugin made from the model, for constraints of its layers. */
  | 'constraints';

/** Whether it is one of those that a run is given, in order. */
export const isPlugin = ({ kind }: Technique): boolean => !['layer', 'wrapper', 'keepProb'].includes(kind);

export const technique = (
  family: string,
  kind: Kind,
  name: string,
  what: string,
  settable: Technique['settable'],
  badly: Technique['badly'] = {},
): Technique => ({
  ...{ family, kind, name, what, badly, settable },
  options: Object.fromEntries(
    Object.entries(settable).flatMap(([key, { value, isGiven }]) => (isGiven ? [[key, value]] : [])),
  ),
});
