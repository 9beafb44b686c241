/** Of which run the results shown are. */
import type { Value } from './params.ts';

/**
 * Says so where the settings are others by now.
 * @param of what tells the run
 * @param drawn the settings that only the picture follows
 */
export function runBefore<S extends Readonly<Record<string, Value>>>(
  ran: S,
  settings: S,
  of: string,
  ...drawn: readonly (keyof S & string)[]
): string {
  const same = Object.entries(ran).every(([name, value]) => drawn.includes(name) || value === settings[name]);
  return same ? '' : `What is shown is of the run before: ${of}. Press Train for the settings of now.`;
}
