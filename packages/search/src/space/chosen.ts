import type { Json } from '../contract.ts';
import type { ChoiceSpace, FloatSpace, IntSpace, KeepProbSpace } from './spaces.ts';

type Untouched = ((...args: never[]) => unknown) | { dispose(): void };

/** The type of a config after its spaces were replaced by their values: `{ keep: KeepProbSpace }` becomes `{ keep: number }`; `Json` stays `Json`. */
export type Chosen<C> = [Json] extends [C] ? C : Replaced<C>;

type Replaced<C> =
  C extends ChoiceSpace<infer V>
    ? Chosen<V>
    : C extends FloatSpace | IntSpace | KeepProbSpace
      ? number
      : C extends Untouched
        ? C
        : C extends object
          ? { -readonly [K in keyof C]: Chosen<C[K]> }
          : C;
