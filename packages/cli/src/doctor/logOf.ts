/** What the log of a run tells of it. */
import { numbers } from '../data/columns.ts';
import { tableOf } from '../data/csv.ts';
import { bytesOf } from '../data/files.ts';

export interface Log {
  /** By name and epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly epochs: number;
  readonly steps: number;
}

/** Columns that count, and are no measure. */
const counting = ['epoch', 'step'];

/** From log.csv, as `train` writes it. Measures that some epoch does not have are left out. @throws DataError for another file */
export async function logOf(path: string): Promise<Log> {
  const table = tableOf(path, Buffer.from(await bytesOf(path)).toString('utf8'));
  const places = table.header.map((name, i) => [name, i] as const).filter(([name]) => !counting.includes(name));
  const whole = places.filter(([, i]) => table.rows.every(({ fields }) => fields[i] !== ''));
  const column = (name: string): number[] => [...numbers(table, [name]).data];
  return {
    history: Object.fromEntries(whole.map(([name]) => [name, column(name)])),
    epochs: table.rows.length,
    steps: column('step').at(-1) as number,
  };
}
