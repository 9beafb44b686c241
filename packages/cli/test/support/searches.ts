/** What tests look for in a search. */
import { join } from 'node:path';
import type { Project, Running } from './program.ts';

export interface Searches {
  /** Begins one, with two workers. */
  start(...args: string[]): Running;
  /** The journal without times, in no order. */
  journal(out: string): Promise<string[]>;
  /** Units in it so far. */
  units(out: string): Promise<number>;
}

const how = ['--backend', 'cpu', '--workers', '2', '--progress', 'lines'];

export function searchesIn(project: Project): Searches {
  const text = (out: string): Promise<string> => project.text(join(out, 'journal.log'));
  return {
    start: (...args) => project.start('search', ...args, ...how),
    async journal(out) {
      const lines = (await text(out)).split('\n');
      return lines.map(line => line.replaceAll(/"(seconds|datetime_\w+|worker_id)":("[^"]*"|[\d.e-]+),?/g, '')).sort();
    },
    units: async out => (await text(out)).split('"keepprob:unit:').length - 1,
  };
}

/** What it says it found. */
export const verdict = (out: string): string =>
  /^(Regularization|It cannot be told|Nothing to compare)[\s\S]*?\n\n/m.exec(out)?.[0] ?? '';
