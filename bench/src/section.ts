/** What each file of measurements gives: numbers for the JSON, and tables for docs/performance.md. */
import type { Ratio } from './measure.ts';

export interface Result {
  readonly data: object;
  readonly markdown: string;
}
/** `quick`: tiny sizes and few rounds, to see that it runs. */
export type Section = (quick: boolean) => Promise<Result>;

/** Rows are printed as they come. */
export class Table {
  readonly #lines: string[];

  constructor(...header: readonly string[]) {
    this.#lines = [line(header), line(header.map(() => '---'))];
    console.log(header.join('   '));
  }

  add(...cells: readonly string[]): void {
    this.#lines.push(line(cells));
    console.log(cells.join('   '));
  }

  toString(): string {
    return this.#lines.join('\n');
  }
}
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const milliseconds = (t: number): string => (t < 0.1 ? t.toPrecision(2) : t.toFixed(t < 10 ? 2 : 1));
export const gigaflops = (flops: number, ms: number): string => (flops / ms / 1e6).toPrecision(3);

/** So many times slower than the other side, and not by chance. */
export const isSlower = ({ low }: Ratio, times = 1): boolean => low > times;

/** A ratio, with as many digits as it bears. */
export const digits = (ratio: number): string => (ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2));

/** Ratio and interval; bold where ours is so many times slower beyond noise. */
export function ratioCells(r: Ratio, times = 1): [ratio: string, interval: string] {
  const ratio = digits(r.ratio);
  return [isSlower(r, times) ? `**${ratio}**` : ratio, `${digits(r.low)}–${digits(r.high)}`];
}

/** How many times as fast ours is, and the interval. */
export const speedUp = ({
  ratio,
  low,
  high,
}: Pick<Ratio, 'ratio' | 'low' | 'high'>): [times: string, interval: string] => [
  (1 / ratio).toFixed(2),
  `${(1 / high).toFixed(2)}–${(1 / low).toFixed(2)}`,
];
