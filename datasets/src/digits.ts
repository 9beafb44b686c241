import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { choose, type Digits, pick, type RawDigits, toDigits } from './mnist.ts';

const PIXELS = 64;
/** The darkest pixel. */
const INK = 16;

/** Alpaydin & Kaynak 1998, as scikit-learn has them: 1,797 digits of 8 × 8 pixels, 0 … 16, in the order of the file. */
export async function loadDigits(): Promise<RawDigits> {
  const file = await readFile(new URL('../data/digits.csv.gz', import.meta.url));
  const table = gunzipSync(file).toString().trim().split('\n');
  const rows = table.map(line => Uint8Array.from(line.split(','), Number));
  const pixels = new Uint8Array(rows.length * PIXELS);
  rows.forEach((row, i) => {
    pixels.set(row.subarray(0, PIXELS), i * PIXELS);
  });
  return { pixels, labels: Uint8Array.from(rows, row => row[PIXELS] as number) };
}

export interface DigitsOptions {
  /** Digits to train on, drawn at random from 1,797. */
  readonly train: number;
  /** Digits to test on, drawn from the others; all of them by default. */
  readonly test?: number;
  readonly seed?: number;
}

/** Random small digits to train and to test on, [rows, 64]; none is in both. */
export async function digits({
  train,
  test,
  seed = 0,
}: DigitsOptions): Promise<{ readonly train: Digits; readonly test: Digits }> {
  const all = await loadDigits();
  const total = all.labels.length;
  const order = choose(total, train + (test ?? total - train), seed);
  const part = (rows: Uint32Array): Digits => toDigits(pick(all, rows), INK);
  return { train: part(order.subarray(0, train)), test: part(order.subarray(train)) };
}
