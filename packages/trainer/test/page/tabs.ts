/** Pages of any browser, in which a run is ended and goes on when they are opened again. */
import { expect } from 'vitest';
import type { Answer } from './site.ts';

/** What the pages of Playwright and of Puppeteer have in common. */
export interface Tab {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
  url(): string;
}

/** Pages that share their storage. */
export interface Tabs<T extends Tab = Tab> {
  newPage(): Promise<T>;
  /** What one of them says next. */
  answer(): Promise<Answer>;
}

/** `npm run test:long` trains twice as long, and ends pages at more places on the way. */
export const all = process.env.CASES === 'all';

/** The address of a page that saves its run in a store of this name, or nowhere. */
export const training = (site: string, store: string): string => `${site}?epochs=${all ? 10 : 5}&store=${store}`;

/** Ends a page in some way, and opens it again. */
export type End<T extends Tab = Tab> = (tab: T, tabs: Tabs<T>) => Promise<T>;

export const ends = {
  async reloaded<T extends Tab>(tab: T): Promise<T> {
    await tab.reload();
    return tab;
  },
  async 'closed and opened again'<T extends Tab>(tab: T, tabs: Tabs<T>): Promise<T> {
    const [url, next] = [tab.url(), await tabs.newPage()];
    await tab.close();
    await next.goto(url);
    return next;
  },
};

/** What was said, one after the other. */
export class Answers {
  readonly #all: Answer[] = [];
  #wake = (): void => undefined;

  readonly add = (answer: Answer): void => {
    this.#all.push(answer);
    this.#wake();
  };

  readonly next = async (): Promise<Answer> => {
    while (!this.#all.length) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return checked(this.#all.shift()!);
  };
}

/** @throws what went wrong in the page */
export function checked(answer: Answer): Answer {
  if (answer.type === 'failed') throw new Error(answer.why);
  return answer;
}

/** Ends the page at these updates; gives the weights at last. */
export async function interrupted<T extends Tab>(tabs: Tabs<T>, url: string, end: End<T>, at: readonly number[]) {
  let tab = await tabs.newPage();
  await tab.goto(url);
  let [before, stops] = [0, at];
  for (;;) {
    const { type, step, weights } = await tabs.answer();
    if (type === 'done') {
      expect(stops).toEqual([]);
      return weights;
    }
    // what was told and not saved is told once more; nothing else is
    if (type === 'begin') expect(step).toBeGreaterThanOrEqual(before - 1);
    before = Math.max(before, step);
    if (type !== 'step' || !stops.length || step < stops[0]!) continue;
    stops = stops.slice(1);
    tab = await end(tab, tabs);
  }
}

/** Ends the page while that write is under way; gives the update that it goes on from, and the weights at last. */
export async function endedInWrite<T extends Tab>(tabs: Tabs<T>, url: string, end: End<T>, write: number) {
  const tab = await tabs.newPage();
  await tab.goto(`${url}&hold=${write}`);
  while ((await tabs.answer()).type !== 'writing');
  await end(tab, tabs);
  let from = Number.NaN;
  for (;;) {
    const { type, step, weights } = await tabs.answer();
    if (type === 'begin') from = step;
    if (type === 'done') return { from, weights };
  }
}
