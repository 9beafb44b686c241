/** What tests look for in a search. */
import { join } from 'node:path';
import { config, iris } from './iris.ts';
import { type Ended, newProject, type Project, type Running } from './program.ts';

export interface Searches {
  /** Begins one, with two workers, as a user does. */
  start(...args: string[]): Running;
  /** Runs one to its end from this process, with two workers: which is quicker. */
  run(...args: string[]): Promise<Ended>;
  /** Asks what the one in a folder has. */
  report(out: string): Promise<Ended>;
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
    run: (...args) => project.run('search', ...args, ...how),
    report: out => project.run('search', '--report', out),
    async journal(out) {
      const lines = (await text(out)).split('\n');
      return lines.map(line => line.replaceAll(/"(seconds|datetime_\w+|worker_id)":("[^"]*"|[\d.e-]+),?/g, '')).sort();
    },
    units: async out => (await text(out)).split('"keepprob:unit:').length - 1,
  };
}

export interface Searched {
  readonly project: Project;
  readonly searches: Searches;
  /** The end of the search in the folder `calm`, which nothing has disturbed. */
  readonly calm: Ended;
}

/** A project with `iris.csv` and `iris.json`, and a search of it. */
export async function searchedProject(): Promise<Searched> {
  const project = await newProject();
  const searches = searchesIn(project);
  await project.write('iris.csv', iris(45));
  await project.write('iris.json', config);
  return { project, searches, calm: await searches.start('iris.json', '--out', 'calm').ended };
}

/** What it says it found. */
export const verdict = (out: string): string =>
  /^(Regularization|It cannot be told|There is nothing to compare)[\s\S]*?\n\n/m.exec(out)?.[0] ?? '';
