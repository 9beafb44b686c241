/** Measures the scaling on training rows, so that other rows are scaled in the same way. */
import type { Scaling } from '@keepprob/trainer/table';
import type { DataSpec } from '../config/config.ts';
import { type Floats, rowsOf, width } from './arrays.ts';

type Kind = NonNullable<DataSpec['scale']>;

/** Folds each column: `f(total, x)` over the rows. */
function byColumn(x: Floats, start: number, f: (total: number, value: number, column: number) => number): Float64Array {
  const columns = width(x);
  let totals = new Float64Array(columns).fill(start);
  for (let first = 0; first < x.data.length; first += columns)
    totals = totals.map((total, column) => f(total, x.data[first + column] ?? Number.NaN, column));
  return totals;
}

/** A constant column is divided by 1. */
const orOne = (divisor: number): number => divisor || 1;

/** The scaling that gives the columns of x mean 0 and variance 1 ('standardize'), or the range 0 … 1 ('unit'). */
export function scalingOf(kind: Kind, x: Floats): Scaling {
  if (typeof kind === 'object') return { offset: [0], divisor: [kind.divideBy] };
  if (kind === 'unit') {
    const least = byColumn(x, Number.POSITIVE_INFINITY, (a, b) => Math.min(a, b));
    const most = byColumn(x, Number.NEGATIVE_INFINITY, (a, b) => Math.max(a, b));
    return { offset: [...least], divisor: Array.from(most, (m, i) => orOne(m - (least[i] ?? m))) };
  }
  const rows = rowsOf(x);
  const mean = byColumn(x, 0, (sum, value) => sum + value).map(sum => sum / rows);
  const squares = byColumn(x, 0, (sum, value, i) => sum + (value - (mean[i] ?? 0)) ** 2);
  return { offset: [...mean], divisor: Array.from(squares, sum => orOne(Math.sqrt(sum / rows))) };
}
