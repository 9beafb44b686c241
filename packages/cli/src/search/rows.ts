/** The rows of a search. */
import type { SearchOptions } from '@keepprob/search';
import type { Preprocessing } from '@keepprob/trainer/model';
import type { JsonConfig } from '../config/config.ts';
import { rowsOf } from '../data/arrays.ts';
import type { Examples } from '../data/examples.ts';
import { loadData } from '../data/load.ts';
import { pathFrom } from '../run/training.ts';

export interface SearchRows {
  /** Not scaled, except by a divisor: other scaling is measured in each fold. */
  readonly data: Pick<Examples, 'x' | 'y'>;
  /** Rows that `data.validation` sets aside, which the search does not use. */
  readonly aside: number;
  /** Without the scaling of x that is measured on rows. */
  readonly preprocessing: Preprocessing;
  readonly scale: NonNullable<SearchOptions['scale']> | null;
}

/** @throws OptionError, DataError for files that do not fit the config */
export async function searchRows(owner: string, { data: spec }: JsonConfig): Promise<SearchRows> {
  const { scale, ...others } = spec;
  const asGiven = typeof scale === 'object' ? { ...others, scale } : others;
  const { train, validation, preprocessing } = await loadData(owner, asGiven, pathFrom(owner));
  return {
    data: { x: train.x, y: train.y },
    aside: validation ? rowsOf(validation.x) : 0,
    preprocessing,
    scale: typeof scale === 'string' ? scale : null,
  };
}
