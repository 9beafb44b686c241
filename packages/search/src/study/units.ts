/** The units of a trial, by fold and seed. */
import type { FoldAndSeed } from '../choice/confirm.ts';
import { pairKey } from '../choice/pairs.ts';
import type { UnitResult } from '../contract.ts';

export interface UnitsOfTrial {
  readonly all: readonly UnitResult[];
  at(pair: FoldAndSeed): UnitResult | undefined;
  has(pair: FoldAndSeed): boolean;
  /** The existing units on these pairs, in the order of the pairs. */
  of(pairs: readonly FoldAndSeed[]): readonly UnitResult[];
}

export class Units implements UnitsOfTrial {
  readonly #results = new Map<string, UnitResult>();

  get all(): readonly UnitResult[] {
    return [...this.#results.values()];
  }

  at(pair: FoldAndSeed): UnitResult | undefined {
    return this.#results.get(pairKey(pair));
  }

  has(pair: FoldAndSeed): boolean {
    return this.#results.has(pairKey(pair));
  }

  of(pairs: readonly FoldAndSeed[]): readonly UnitResult[] {
    return pairs.flatMap(pair => this.at(pair) ?? []);
  }

  /** Adds a unit; if it was delivered twice, the first one counts. */
  add(result: UnitResult): void {
    if (!this.has(result)) this.#results.set(pairKey(result), result);
  }
}
