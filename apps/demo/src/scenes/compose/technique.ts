/** What the page knows of one technique. */
export interface Technique {
  /** Its package. */
  readonly family: string;
  /** A layer behind each hidden one, a wrapper around each layer with weights, a plugin of the training. */
  readonly kind: 'layer' | 'wrapper' | 'plugin';
  readonly name: string;
  readonly what: string;
  /** To begin with. */
  readonly options: Readonly<Record<string, number>>;
  /** What it does not go well with, and why. */
  readonly badly: Readonly<Record<string, string>>;
}

export const technique = (
  family: string,
  kind: Technique['kind'],
  name: string,
  what: string,
  options: Technique['options'],
  badly: Technique['badly'] = {},
): Technique => ({ family, kind, name, what, options, badly });
