/** Points too many for an address are kept by the tab: the address then holds `own=kept`. */
import { mostInLink } from './own.ts';

const key = 'keepprob plane';
const word = 'kept';

/** Where the browser allows it. */
function store(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

/** What is written into the address. */
export function shorten(query: string): string {
  const given = new URLSearchParams(query);
  const own = given.get('own') ?? '';
  if (own.length <= 4 * mostInLink) return query;
  try {
    store()?.setItem(key, own);
  } catch {
    // no room: a reload loses them
  }
  given.set('own', word);
  return given.toString();
}

/** What an address stands for in this tab. */
export function lengthen(query: string): string {
  const given = new URLSearchParams(query);
  if (given.get('own') !== word) return query;
  const own = store()?.getItem(key);
  if (own) given.set('own', own);
  else given.delete('own');
  return given.toString();
}

/** Whether an address is of points that this tab does not have. */
export const lost = (query: string): boolean =>
  new URLSearchParams(query).get('own') === word && !store()?.getItem(key);
