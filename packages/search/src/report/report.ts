import { checkOptions, OptionError, type OptionSpecs, option } from '@keepprob/core';
import { htmlOf, textOf } from '@keepprob/lens/page';
import { pageOf } from './page.ts';
import type { Reported } from './reported.ts';

/** Options of `report`. */
export interface ReportOptions {
  /** Heading of the page; by default it names the metric. */
  readonly title?: string;
}

/** The result of `report`. */
export interface Report {
  /** A self-contained page: no network, no scripts, readable on a phone and in print. */
  readonly html: string;
  /** The verdicts, for a terminal. */
  readonly text: string;
}

const specs: OptionSpecs<ReportOptions> = {
  title: option.custom<string>('a string', value => typeof value === 'string', { fallback: '' }),
};

/**
 * A search as one HTML page: whether regularization helps, and on what evidence; the chosen config; the metric on validation and training rows over each
 * parameter; which parameters mattered; the best trials in the search and on fresh folds; its history; and every fold. In Node it also accepts the folder
 * of a `store`, even while the search is running or after it was interrupted.
 * @param found the result of `search`, or the same read from JSON; in Node also a folder
 * @example
 * const found = await search(({ keep }) => (keep - 0.7) ** 2, { x, y }, { space: { keep: keepProb(0.5, 1) }, trials: 12, progress: false });
 * const { html, text } = await report(found, { title: 'keep.prob of the digits' });
 * html.startsWith('<!doctype html>'); // true
 * text.includes('Does regularization help here?'); // true
 * @throws OptionError for anything that is not the result of a search
 */
export async function report(found: Reported | string, options: ReportOptions = {}): Promise<Report> {
  const { title } = checkOptions<ReportOptions>('report', specs, options);
  if (!isReported(found))
    throw OptionError.of('report', 'found', 'what `search` returned, or in Node the folder of its `store`', found);
  const page = await pageOf(found, title);
  return { html: htmlOf(page), text: textOf(page) };
}

const isReported = (value: unknown): value is Reported =>
  typeof value === 'object' &&
  value !== null &&
  ['searched', 'against', 'importance', 'trials'].every(
    key => typeof Reflect.get(value, key) === 'object' && Reflect.get(value, key) !== null,
  );
