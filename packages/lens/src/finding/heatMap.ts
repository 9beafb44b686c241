/** A matrix as a heat map: pooled to visible cells, light for small values and dark for large ones. */
import * as Plot from '@observablehq/plot';
import { sum } from '../statistics/vectors.ts';
import { type Panel, WIDTH } from './picture.ts';
import { short } from './terminal.ts';

/** Numbers in rows and columns. */
export interface Matrix {
  /** Values in row-major order; NaN for a missing value. */
  readonly values: ArrayLike<number>;
  /** Number of rows and columns. */
  readonly shape: readonly [rows: number, columns: number];
}

interface Cell {
  readonly x1: number;
  readonly x2: number;
  readonly y1: number;
  readonly y2: number;
  readonly value: number;
}

/** Means over blocks of values, at most `most` rows and columns of them; blocks without a value are left out. */
export function pool({ values, shape: [rows, columns] }: Matrix, most: readonly [number, number]): Cell[] {
  const [height, width] = [Math.min(rows, most[0]), Math.min(columns, most[1])];
  const edge = (i: number, of: number, parts: number): number => Math.round((i * of) / parts);
  const all = Float64Array.from(values);
  const cells: Cell[] = [];
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const [y1, y2] = [edge(r, rows, height), edge(r + 1, rows, height)];
      const [x1, x2] = [edge(c, columns, width), edge(c + 1, columns, width)];
      const rowsIn = Array.from({ length: y2 - y1 }, (_, i) =>
        all.subarray((y1 + i) * columns + x1, (y1 + i) * columns + x2),
      );
      const numbers = rowsIn.map(row => row.filter(value => !Number.isNaN(value)));
      const count = sum(numbers.map(row => row.length));
      if (count > 0) cells.push({ x1, x2, y1, y2, value: sum(numbers.map(sum)) / count });
    }
  }
  return cells;
}

/** The most rows and columns that are still visible. */
const MOST = [32, 72] as const;

/** Options of `heatMap`. */
export interface HeatMapOptions {
  /** Names the values. */
  readonly title: string;
  /** Label of the columns. */
  readonly x: string;
  /** Label of the rows. */
  readonly y: string;
  /** Whether cells are square, as for the pixels of an image; false by default. */
  readonly square?: boolean;
}

/**
 * A matrix as a heat map: rows run down, columns to the right, and the title says which values are light and dark. A block without a value stays empty.
 * @example
 * heatMap({ values: [1, 2, 3, 4, 5, 6], shape: [2, 3] }, { title: 'Loss', x: 'trial', y: 'fold' }).title; // 'Loss: from 1 (light) to 6 (dark)'
 */
export function heatMap(matrix: Matrix, { title, x, y, square = false }: HeatMapOptions): Panel {
  const [rows, columns] = matrix.shape;
  const cells = pool(matrix, square ? [rows, columns] : MOST);
  const values = cells.map(cell => cell.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = low === high ? `${short(low)} everywhere` : `from ${short(low)} (light) to ${short(high)} (dark)`;
  const isPooled = !square && (rows > MOST[0] || columns > MOST[1]);
  const pooled = isPooled ? ', means over blocks' : '';
  const height = square ? 300 : rows === 1 ? 66 : Math.max(80, Math.min(210, 44 + rows * 12));
  return {
    title: `${title}: ${range}${pooled}`,
    options: {
      height,
      marginTop: 8,
      marginBottom: 36,
      ...(square && { marginRight: WIDTH - 52 - ((height - 44) * columns) / rows }),
      x: { label: x, ticks: ticks(columns), tickFormat: 'd', domain: [0, columns] },
      y:
        rows === 1
          ? { axis: null, domain: [1, 0] }
          : {
              label: y,
              labelAnchor: 'center',
              labelArrow: 'none',
              ticks: ticks(rows),
              tickFormat: 'd',
              domain: [rows, 0],
            },
      color: { type: 'linear', domain: low === high ? [low - 1, low + 1] : [low, high], range: ['#f6efe6', '#7a1712'] },
      marks: [
        // edges between pixels would show as a grid that is not in the data
        Plot.rect(cells, {
          ...{ x1: 'x1', x2: 'x2', y1: 'y1', y2: 'y2', fill: 'value', inset: 0 },
          shapeRendering: 'crispEdges',
        }),
        Plot.frame(),
      ],
    },
  };
}

/** Integers only, since units are counted. */
function ticks(count: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].find(s => count / s <= 6) ?? count;
  return Array.from({ length: Math.floor(count / step) + 1 }, (_, i) => i * step);
}
