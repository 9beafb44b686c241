/** What the page knows of one technique. */
export interface Technique {
  /** Its package. */
  readonly family: string;
  readonly kind: Kind;
  readonly name: string;
  readonly what: string;
  /** To begin with. */
  readonly options: Readonly<Record<string, number>>;
  /** What it does not go well with, and why. */
  readonly badly: Readonly<Record<string, string>>;
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
  /** A schedule of the learning rate, and one of keepProb of a dropout layer. */
  | 'rate'
  | 'keepProb';

/** Whether it is one of those that a run is given, in order. */
export const isPlugin = ({ kind }: Technique): boolean => !['layer', 'wrapper', 'keepProb'].includes(kind);

export const technique = (
  family: string,
  kind: Kind,
  name: string,
  what: string,
  options: Technique['options'],
  badly: Technique['badly'] = {},
): Technique => ({ family, kind, name, what, options, badly });
