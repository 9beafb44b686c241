/** Durations as shown in messages. */

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

/**
 * Milliseconds in the largest unit of which there is at least one, with three digits.
 * @example
 * duration(36_000_000); // '10 h'
 * duration(90_000); // '1.5 min'
 * duration(300); // '300 ms'
 */
export function duration(ms: number): string {
  const [size, unit] = UNITS.find(([size]) => ms >= size) ?? [1, 'ms'];
  return `${Number((ms / size).toPrecision(3))} ${unit}`;
}
