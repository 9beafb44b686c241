/** Addresses: `#/` is the home page, `#/digits?keepProb1=0.5` a scene with its settings, and with `&embed` as a lesson wants it. */
import { split } from './lesson.ts';
import { turn } from './turns.ts';

export interface Route {
  /** Empty for the home page. */
  readonly name: string;
  /** Of the settings. */
  readonly query: string;
  /** Of a lesson. */
  readonly beside: string;
}

export function routeOf(hash: string): Route {
  const [path = '', ...rest] = hash.replace(/^#\/?/, '').split('?');
  const { settings, beside } = split(rest.join('?'));
  return { name: path, query: settings, beside };
}

export function hashOf({ name, query, beside }: Route): string {
  const all = [query, beside].filter(Boolean).join('&');
  return `#/${name}${all ? `?${all}` : ''}`;
}

/** Puts the settings into the address, without a step in the history; what a lesson has there stays. */
export const writer =
  (name: string) =>
  (query: string): void =>
    history.replaceState(null, '', hashOf({ name, query, beside: routeOf(location.hash).beside }));

let moved = false;

/** The next page to come is read from its heading on, by screen readers too. */
export function move(): void {
  moved = true;
  scrollTo(0, 0);
}

/** For the heading of a page: takes the focus when the page is there, unless it is the first. */
export function arrive(heading: HTMLElement): void {
  if (moved) void turn().then(() => heading.focus({ preventScroll: true }));
}
