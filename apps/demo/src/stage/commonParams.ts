/** Parameters that several scenes have, under a heading and with a hint of each. */
import type { Choice, Integer, Ladder } from './params.ts';
import { dataNames, dataTitles } from './points.ts';
import { count, percent, plain } from './shows.ts';

interface Where {
  readonly group: string;
  readonly hint: string;
}

export const seedParam = (where: Where, fallback = 1): Integer => ({
  ...where,
  ...{ control: 'integer', label: 'Seed', min: 0, max: 9999, fallback, live: false, show: plain },
});

/** How many runs of the same experiment, which differ in what is drawn at random. */
export const seedsParam = (where: Where): Ladder => ({
  ...where,
  ...{ control: 'list', label: 'Seeds', stops: [1, 3, 5, 10], fallback: 1, live: false, show: count },
});

/** Which points. */
export const dataParam = (where: Where, fallback: string): Choice => ({
  ...where,
  ...{ control: 'choice', label: 'Data', choices: dataNames, fallback, live: false },
  show: name => dataTitles.get(name) ?? name,
});

/** The share of points that carry the other class. */
export const wrongLabelsParam = (where: Where): Ladder => ({
  ...where,
  ...{ control: 'list', label: 'Wrong labels', stops: [0, 0.05, 0.1, 0.2], fallback: 0.1, live: false, show: percent },
});

/** How many inputs of a point say nothing. */
export const uselessInputsParam = (group: string): Ladder => ({
  ...{ group, hint: 'Random numbers beside the two coordinates' },
  ...{ control: 'list', label: 'Useless inputs', stops: [0, 2, 8, 20], fallback: 8, live: false, show: count },
});
