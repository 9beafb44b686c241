import { expect, test } from 'vitest';
import { carFeatures, cars } from '../src/cars.ts';

test('392 cars, of whom everything is known', async () => {
  const { features, milesPerGallon } = await cars();
  expect([features.length, milesPerGallon.length]).toEqual([392, 392]);
  expect(features[0]).toEqual([8, 307, 130, 3504, 12, 1970]);
  expect(milesPerGallon[0]).toBe(18);
  expect(features.every(row => row.length === carFeatures.length && row.every(Number.isFinite))).toBe(true);
});
