import { expect, test } from 'vitest';
import { params as cost } from '../src/scenes/cost/params.ts';
import { params as digits } from '../src/scenes/digits/params.ts';
import { params as lecture } from '../src/scenes/lecture/params.ts';
import { params as plane } from '../src/scenes/plane/params.ts';
import { params as should } from '../src/scenes/should/params.ts';
import { fromQuery, type Table } from '../src/stage/params.ts';
import { routeOf } from '../src/stage/route.ts';
import { addressOf, outcome, placeOf, steps, textOf } from '../src/tour/steps.ts';

const tables: Readonly<Record<string, Table>> = { cost, digits, lecture, plane, should };

test('every step asks for one of two to four answers, at settings that its scene has', () => {
  steps.forEach(({ scene, settings, answers, question }, at) => {
    expect(fromQuery(tables[scene]!, settings).notes).toEqual([]);
    expect(answers.length).toBeGreaterThanOrEqual(2);
    expect(answers.length).toBeLessThanOrEqual(4);
    expect(new Set(answers.map(({ found }) => found)).size).toBe(answers.length);
    expect(question).toMatch(/\?$/);
    expect(routeOf(addressOf(at))).toEqual({ name: scene, query: settings, beside: `tour=${at + 1}` });
  });
});

test('the place in the tour is in the address; what is none is no place', () => {
  steps.forEach(({ answers }, at) => {
    for (const answer of [undefined, ...answers.keys()])
      expect(placeOf(textOf({ at, answer }))).toEqual({ at, answer });
    expect(placeOf(`${at + 1}${String.fromCharCode(97 + answers.length)}`)?.answer).toBeUndefined();
  });
  for (const none of ['', '0', `${steps.length + 1}`, '1e', 'b', '1ab', '-1', '01'])
    expect(placeOf(none)).toBeUndefined();
});

test('a prediction is judged by what the run found, and by nothing within the noise', () => {
  const step = steps[1]!;
  expect(outcome(step, 0, 'above')).toBe('As you predicted.');
  expect(outcome(step, 0, 'below')).toBe('Not as you predicted: “No, it errs more” it is.');
  expect(outcome(step, 0, 'cannot tell')).toBe('Neither: this run cannot tell.');
  expect(outcome(step, 2, 'cannot tell')).toBe('As you predicted.');
  expect(outcome(steps[3]!, 0, 'equal')).toBe('It came out as none of these answers has it.');
});
