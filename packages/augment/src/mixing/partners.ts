import type { RandomKey } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';

/**
 * Rows of the global batch find partners in blocks of this size: a shard or micro-batch made of whole blocks mixes as the whole batch would.
 * @example
 * const first = 3 * PARTNER_BLOCK; // a part of the batch that begins here mixes as in the whole
 * partners(at.key(), 8, first).length; // 8
 */
export const PARTNER_BLOCK = 8;

/**
 * A partner for each of `rows` rows, the first of which is row `first` of the global batch: the next one in a random order of its block, so no
 * row is its own partner unless it is alone. Blocks start at multiples of 8; if a block is cut, the rows that are there are used. Rows that do not count
 * are skipped, as if they were not there, and are their own partners.
 * @example
 * partners(at.key(), 8).length; // 8
 */
export function partners(key: RandomKey, rows: number, first = 0, counted?: readonly boolean[]): Int32Array {
  const u = uniforms(key, rows, first);
  const partner = Int32Array.from({ length: rows }, (_, row) => row);
  for (let from = 0; from < rows; ) {
    const to = Math.min(rows, from + PARTNER_BLOCK - ((first + from) % PARTNER_BLOCK));
    const all = Array.from(u.subarray(from, to), (place, i) => ({ row: from + i, place }));
    const block = all.filter(({ row }) => counted?.[row] ?? true);
    block.sort((a, b) => a.place - b.place);
    let before = block.at(-1);
    for (const next of block) {
      if (before) partner[before.row] = next.row;
      before = next;
    }
    from = to;
  }
  return partner;
}
