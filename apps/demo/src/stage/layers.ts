/** Geometry of a network drawn as columns of units. */

export interface Column {
  readonly name: string;
  readonly label: string;
  /** By unit, whether it is kept. */
  readonly kept: readonly boolean[];
}

export interface Unit {
  readonly x: number;
  readonly y: number;
  readonly kept: boolean;
}

/** Where the units stand: columns evenly from left to right, each centred, `gap` apart where there is room. */
export function unitsOf(columns: readonly Column[], width: number, height: number, gap: number): Unit[][] {
  return columns.map(({ kept }, i) => {
    const x = (width * (i + 0.5)) / columns.length;
    const apart = Math.min(gap, height / kept.length);
    const top = (height - apart * kept.length) / 2;
    return kept.map((isKept, j) => ({ x, y: top + apart * (j + 0.5), kept: isKept }));
  });
}

/** One path of all edges between units that are kept. */
export const edges = (from: readonly Unit[], to: readonly Unit[]): string =>
  from
    .filter(unit => unit.kept)
    .flatMap(a =>
      to.filter(unit => unit.kept).map(b => `M${a.x.toFixed(1)} ${a.y.toFixed(1)}L${b.x.toFixed(1)} ${b.y.toFixed(1)}`),
    )
    .join('');
