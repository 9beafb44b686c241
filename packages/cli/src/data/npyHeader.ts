/** The header of a .npy file: the dictionary of three entries that Python writes there. */

export interface NpyHeader {
  /** NumPy's name of the type: `<f4`. */
  readonly descr: string;
  /** Whether the array is in column-major order. */
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/** NumPy does not read longer ones either (`numpy.lib.format`, max_header_size). */
export const LONGEST_HEADER = 10_000;

/** A key with a string, a truth value, or a list of sizes (with the L of Python 2). Each part begins with a character that ends the previous one. */
const entry = /\s*'(\w+)':\s*(?:'([^']*)'|(True|False)|\(([\d, L]*)\)),?/y;

/** Reads a whole header; undefined for a header of another form, such as that of a structured array. */
export function npyHeader(text: string): NpyHeader | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return undefined;
  const body = trimmed.slice(1, -1).trimEnd();
  let [descr, fortran, shape]: [string?, boolean?, number[]?] = [];
  for (entry.lastIndex = 0; entry.lastIndex < body.length; ) {
    const [, key, text, truth, sizes] = entry.exec(body) ?? [];
    if (key === 'descr' && text !== undefined) descr = text;
    else if (key === 'fortran_order' && truth !== undefined) fortran = truth === 'True';
    else if (key === 'shape' && sizes !== undefined) shape = (sizes.match(/\d+/g) ?? []).map(Number);
    else return undefined;
  }
  return descr === undefined || fortran === undefined || shape === undefined ? undefined : { descr, fortran, shape };
}
