/** A question that runs answer: what is run, and what pages and pictures say of the results. */
import type { Part } from '../placed.ts';

/** What is shown of the results. */
export interface Shown {
  readonly parts: readonly Part[];
  /** SVG by file: { 'docs/lab.svg': '<svg …' }. */
  readonly pictures: Readonly<Record<string, string>>;
}

/** How long the runs took. */
export interface Effort {
  /** Seconds of one core, of all runs together. */
  readonly seconds: number;
}

/** A question whose runs and results only it knows. */
export interface Question {
  readonly name: string;
  /** What each run is, in a few words, and what tells it from other runs. */
  readonly runs: readonly { readonly about: string; readonly key: string }[];
  /** A run by its number. Its result is plain data. */
  readonly run: (index: number) => Promise<unknown>;
  /** @param results the list of the results as JSON */
  readonly show: (results: string, effort: Effort) => Shown;
}

/** A question by its jobs. */
export interface Asked<Job, Result> {
  readonly name: string;
  readonly jobs: readonly Job[];
  readonly about: (job: Job) => string;
  readonly run: (job: Job) => Promise<Result>;
  readonly show: (results: readonly Result[], effort: Effort) => Shown;
}

export function question<Job, Result>({ name, jobs, about, run, show }: Asked<Job, Result>): Question {
  return {
    name,
    runs: jobs.map(job => ({ about: about(job), key: JSON.stringify(job) })),
    async run(index) {
      const job = jobs[index];
      if (job === undefined) throw new RangeError(`${name} has ${jobs.length} runs. Received: ${index}.`);
      return run(job);
    },
    show: (results, effort) => show(JSON.parse(results), effort),
  };
}
