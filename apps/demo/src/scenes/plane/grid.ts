/** The cells in which networks are asked what they answer. */
import { reach } from './reports.ts';

/** Middles of the cells, from the top left, row by row. */
export const placesOf = (side: number): [number, number][] =>
  Array.from({ length: side * side }, (_, i) => {
    const place = (cell: number): number => reach * ((2 * cell + 1) / side - 1);
    return [place(i % side), -place(Math.floor(i / side))];
  });
