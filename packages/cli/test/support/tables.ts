/** Real tables, and one of a kind that the real ones are not. */
import { readFile } from 'node:fs/promises';

const kept = (name: string): Promise<string> =>
  readFile(new URL(`../../../../datasets/data/${name}`, import.meta.url), 'utf8');

/** Numbers alone, three classes. */
export const irisTable = (): Promise<string> => kept('iris.csv');
/** Words, gaps and classes of different sizes. */
export const penguinsTable = (): Promise<string> => kept('penguins.csv');
/** Gaps, and a text of which each row has another. */
export const carsTable = (): Promise<string> => kept('cars.csv');
/** A number to predict, from words and numbers. */
export const wagesTable = (): Promise<string> => kept('wages.csv');

/** Thirteen numbers, three classes. */
export const wineTable = (): Promise<string> => kept('wine.csv');
/** Dates, and classes of which some are rare. */
export const weatherTable = (): Promise<string> => kept('weather.csv');

/** Houses with prices: a count of rows, gaps, dates, words, a text, numbers in the thousands, and semicolons between columns. */
export function housesTable(rows = 120): string {
  const noise = (i: number, k: number): number => Math.sin(12.9898 * i + 78.233 * k);
  const row = (i: number): string => {
    const [area, rooms] = [120 + 80 * noise(i, 1), 1 + (i % 6)];
    const city = ['Bern', 'Ulm', 'Graz'][i % 3];
    const price = Math.round(1000 * (3 * area + 10 * rooms + (city === 'Bern' ? 50 : 0) + 10 * noise(i, 2)));
    const text = `a house of ${rooms} rooms with garden number ${i}`;
    return [i + 1, i % 17 ? area.toFixed(1) : '', rooms, `2026-03-${10 + (i % 20)}`, city, text, price].join(';');
  };
  return ['id;area;rooms;sold;city;text;price', ...Array.from({ length: rows }, (_, i) => row(i))].join('\n');
}
