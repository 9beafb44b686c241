/** What a chart shows, and how each line can be told from the others without colour. */
import { count } from './shows.ts';

export interface Line {
  readonly label: string;
  /** The custom property of the page's theme: `plain` is --plain. */
  readonly colour: Colour;
  /** Canvas dash pattern; [] is solid. */
  readonly dash: readonly number[];
  readonly width: number;
  /** What the band around it is, in words. */
  readonly band?: string;
  /** Each value has a dot. */
  readonly dots?: boolean;
}

export type Colour = 'plain' | 'regularized' | 'third';

/** The colours and the font of the page, as a canvas takes them. */
export type Theme = Readonly<Record<Colour | 'ink' | 'faint' | 'rule' | 'font', string>>;

export interface Figure {
  readonly title: string;
  readonly caption: string;
  /** What the horizontal axis counts. */
  readonly x: string;
  readonly lines: readonly Line[];
  readonly show: (value: number) => string;
  /** The axis need not begin at 0, and nothing is cut off. */
  readonly floating?: boolean;
  /** Only the newest positions are shown, so that the run before has nothing to show beside them. */
  readonly newest?: boolean;
  /** Where the horizontal axis begins and ends; by default it grows with what is shown. */
  readonly span?: readonly [number, number];
  /** Of the axis: what a tick is multiplied by, and what is written behind it. */
  readonly axis: { readonly factor: number; readonly suffix: string };
}

/** The horizontal positions, then a column for each line, then the lower and the upper edge of each band. */
export type Columns = readonly (readonly number[])[];

/** Which line has a band, and which columns are its edges; the first line is 0. */
export const bandsOf = (
  lines: readonly Line[],
): { readonly line: number; readonly lower: number; readonly upper: number }[] =>
  lines
    .flatMap(({ band }, i) => (band ? [i] : []))
    .map((line, i) => ({ line, lower: lines.length + 2 * i, upper: lines.length + 2 * i + 1 }));

/** What a chart says of one position. */
export function readout({ x, lines, show }: Figure, [positions = [], ...columns]: Columns, index: number): string {
  const position = positions[index];
  if (position === undefined) return `No ${x} yet.`;
  const at = (column: number): string => show(columns[column]?.[index] ?? Number.NaN);
  const edges = new Map(
    bandsOf(lines).map(({ line, lower, upper }) => [line, ` (${at(lower)} to ${at(upper)})`] as const),
  );
  const values = lines.flatMap(({ label }, i) =>
    // not every line has a value at every position
    Number.isNaN(columns[i]?.[index] ?? Number.NaN) ? [] : `${label} ${at(i)}${edges.get(i) ?? ''}`,
  );
  return `${x} ${count(position)}: ${values.join(' · ')}`;
}

export interface Height {
  readonly range: [number, number];
  readonly above?: number;
}

/**
 * From 0, or lower, up to the highest value after the steep start: the first twelfth may run out of the frame, and the chart says how high.
 * @returns the range, and the highest value where that is outside
 */
export function heightRange([, ...columns]: Columns, floating = false): Height {
  const finite = columns.map(column => column.filter(Number.isFinite));
  if (floating) {
    const [bottom, top] = [least(finite.flat()), -least(finite.flat(), -1)];
    const pad = (top - bottom) * 0.08 || 1;
    return { range: [bottom - pad, top + pad] };
  }
  const low = Math.min(0, ...finite.map(column => least(column)));
  const settled = Math.max(0, ...finite.map(column => -least(column.slice(Math.floor(column.length / 12)), -1)));
  const top = settled * 1.06 || 1;
  const highest = Math.max(0, ...finite.map(column => -least(column, -1)));
  // a little higher, and there is room for all, or for the words that say that there is not
  const roomy = top * 1.1;
  if (highest > roomy) return { range: [low, roomy], above: highest };
  return { range: [low, Math.max(top, highest)] };
}

/** Room for this run and the one before it. */
export function heightOfBoth(columns: Columns, ghost: Columns | undefined, floating = false): Height {
  if (!ghost) return heightRange(columns, floating);
  if (!columns[0]?.length) return heightRange(ghost, floating);
  const both = [columns, ghost].map(each => heightRange(each, floating));
  const above = Math.max(...both.map(height => height.above ?? Number.NEGATIVE_INFINITY));
  const range: [number, number] = [
    Math.min(...both.map(({ range }) => range[0])),
    Math.max(...both.map(({ range }) => range[1])),
  ];
  return above > range[1] ? { range, above } : { range };
}

/** What the run before had at a position, or last before it. */
export function readoutBefore(figure: Figure, ghost: Columns, position: number | undefined): string {
  const positions = ghost[0] ?? [];
  const found = position === undefined ? positions.length - 1 : positions.findLastIndex(at => at <= position);
  return found < 0 ? '' : `Run before, ${readout(figure, ghost, found)}`;
}

/** The least of the values times the sign; 0 for none. Columns may be too long for Math.min(...column). */
const least = (values: readonly number[], sign = 1): number =>
  values.reduce((min, value) => Math.min(min, sign * value), values.length ? Number.POSITIVE_INFINITY : 0);

/** Heights moved apart so that labels do not overlap, in the order of the heights given. */
export function spread(heights: readonly number[], distance: number, top: number, bottom: number): number[] {
  const labels = heights.map(height => ({ height }));
  const fromTop = labels.toSorted((a, b) => a.height - b.height);
  let free = top;
  for (const label of fromTop) {
    label.height = Math.max(label.height, free);
    free = label.height + distance;
  }
  let ceiling = bottom;
  for (const label of fromTop.toReversed()) {
    label.height = Math.min(label.height, ceiling);
    ceiling = label.height - distance;
  }
  return labels.map(({ height }) => height);
}
