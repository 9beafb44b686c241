/** The hashing trick (Weinberger et al., ICML 2009): words as a few numbers, without a vocabulary. */

const word = /[\p{L}\p{N}]+/gu;

/** FNV-1a, 32 bits, over UTF-16 code units. */
function fnv(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * The words of a text as they are hashed: letters and digits, in lower case.
 * @example
 * wordsIn('Ford Torino (sw)'); // ['ford', 'torino', 'sw']
 */
export const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(word) ?? [];

/**
 * Adds each word w of a text, in lower case, to `data`: ξ(w) to the number at `at` + h(w) mod `size`, with the sign ξ from the top bit of the hash, so that words
 * that share a number cancel out on average.
 */
export function addWords(text: string, size: number, data: Float32Array, at: number): void {
  for (const found of wordsIn(text)) {
    const hash = fnv(found);
    const place = at + ((hash & 0x7fffffff) % size);
    data[place] = (data[place] ?? 0) + (hash >>> 31 ? -1 : 1);
  }
}
