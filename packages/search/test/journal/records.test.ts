import { expect, test } from 'vitest';
import { recordsOf } from '../../src/journal/records.ts';
import { choice, keepProb } from '../../src/space/makers.ts';
import { readSpace } from '../../src/space/readSpace.ts';

test('a trial has the parameters that exist in it, also where a dimension has the name of what every object has', () => {
  const { dimensions } = readSpace({
    keep: keepProb(0.3, 1),
    layer: choice(['none', { of: choice(['relu', 'tanh'], { share: 'constructor' }) }]),
  });
  const writing = { dimensions, id: (trial: number) => trial, now: new Date(0) };
  const parametersAt = (point: Readonly<Record<string, number>>) => {
    const [record] = recordsOf({ type: 'trial', trial: 0, point, isOff: false }, writing);
    return [record?.params, Object.keys(Object(record?.distributions))];
  };
  for (const point of [
    { keep: 0.5, layer: 0 },
    { keep: 0.5, layer: 1, constructor: 1 },
  ])
    expect(parametersAt(point)).toEqual([point, Object.keys(point)]);
});
