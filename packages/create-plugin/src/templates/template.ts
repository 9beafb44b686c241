import type { Names } from '../names.ts';

/** What a package begins with. */
export interface Template {
  /** In one line that ends without a full stop. */
  readonly what: string;
  readonly formula: string;
  readonly isLayer: boolean;
  readonly source: (names: Names) => string;
  readonly test: (names: Names) => string;
  /** Lines of JavaScript that use it, in the README. */
  readonly usage: (names: Names) => string;
  /** Option, default, and what it is. */
  readonly options: readonly (readonly [name: string, fallback: string, what: string])[];
}
