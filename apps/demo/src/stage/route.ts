/** Addresses: `#/` is the home page, `#/digits?keepProb1=0.5` a scene with its settings. */

export interface Route {
  /** Empty for the home page. */
  readonly name: string;
  readonly query: string;
}

export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { name: path, query };
}

export const hashOf = ({ name, query }: Route): string => `#/${name}${query ? `?${query}` : ''}`;

/** Puts the settings into the address, without a step in the history. */
export const writer =
  (name: string) =>
  (query: string): void =>
    history.replaceState(null, '', hashOf({ name, query }));

let moved = false;

/** The next page to come is read from its heading on, by screen readers too. */
export function move(): void {
  moved = true;
  scrollTo(0, 0);
}

/** For the heading of a page: takes the focus, unless the page is the first. */
export function arrive(heading: HTMLElement): void {
  if (moved) heading.focus({ preventScroll: true });
}
