/** Reconstructs a search from its journal alone: its result, or its progress so far. */
import type { FoldAndSeed } from '../choice/confirm.ts';
import { pairKey } from '../choice/pairs.ts';
import type { Dimension } from '../contract.ts';
import { SearchError } from '../errors.ts';
import { importance } from '../importance/importance.ts';
import { isFields } from '../journal/checks.ts';
import type { Entry, Header } from '../journal/entries.ts';
import * as messages from '../messages.ts';
import { readSpace } from '../space/readSpace.ts';
import { foundTrial } from '../study/found/tellFound.ts';
import { checkPoints } from '../study/header.ts';
import { Ledger } from '../study/ledger.ts';
import type { Reported } from './reported.ts';

/** @throws SearchError `damaged` for a journal that was not written by a search */
export function fromJournal(path: string, entries: readonly Entry[]): Reported {
  const [first] = entries;
  if (!first) throw new SearchError('damaged', messages.notBegun(path));
  if (first.type !== 'search') throw new SearchError('damaged', messages.notOurs(path));
  const { header } = first;
  const dimensions = dimensionsOf(path, header);
  const closed = { path, entries, append: async () => undefined, close: async () => undefined };
  const ledger = new Ledger(closed, header.mode === 'min' ? 1 : -1);
  checkPoints(path, dimensions, ledger.trials);
  const pairs = pairsOf(entries, 'unit').sort((a, b) => a.fold - b.fold);
  const { outcome } = ledger;
  return {
    searched: {
      ...{ metric: header.metric, mode: header.mode, dimensions, folds: foldsOf(header), scale: header.scale },
      ...{ rows: outcome?.rows ?? null, pairs, freshPairs: pairsOf(entries, 'confirmed') },
    },
    chosen: outcome?.chosen ?? null,
    against: { off: outcome?.against ?? null },
    nested: outcome?.nested ?? null,
    importance: importance(dimensions, ledger.told),
    trials: ledger.trials.map(trial => foundTrial(trial, pairs)),
    stopped: outcome?.stopped ?? null,
    ...{ journal: path, seed: header.seed },
  };
}

/** Reads the dimensions from the config with its spaces, which is in the header. */
function dimensionsOf(path: string, { space }: Header): readonly Dimension[] {
  try {
    return readSpace(space).dimensions;
  } catch (error) {
    throw new SearchError('damaged', messages.notOurs(path), error);
  }
}

/** The name and options of the splitter; a custom splitter may have any options. */
function foldsOf({ folds }: Header): Reported['searched']['folds'] {
  if (!isFields(folds) || typeof folds.name !== 'string') return { name: 'folds', options: null };
  return { name: folds.name, options: JSON.parse(JSON.stringify(folds.options ?? null)) };
}

/** All pairs on which any trial was measured, in the order of the journal. */
function pairsOf(entries: readonly Entry[], type: 'unit' | 'confirmed'): FoldAndSeed[] {
  const pairs = new Map<string, FoldAndSeed>();
  for (const entry of entries) {
    if (entry.type !== type) continue;
    const { fold, seed } = entry.result;
    pairs.set(pairKey(entry.result), { fold, seed });
  }
  return [...pairs.values()];
}
