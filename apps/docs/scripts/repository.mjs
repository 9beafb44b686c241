/** The files of the repository by their paths, and the addresses under which GitHub shows them. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const GITHUB = 'https://github.com/keepprob/keepprob';

const HERE =
  /^https:\/\/(?:github\.com\/keepprob\/keepprob(?:\/(?:blob|tree)\/main)?|raw\.githubusercontent\.com\/keepprob\/keepprob\/main)(?=[/#]|$)/;
/** Pages of GitHub that are no files. */
const OTHER = /^(?:security|issues|pulls|releases|\.git)/;

export const textOf = path => readFileSync(`${root}${path}`, 'utf8');
export const exists = path => existsSync(`${root}${path}`);
export const packageNames = readdirSync(`${root}packages`);

/** Such as 'packages/l2/README.md' of 'https://github.com/keepprob/keepprob/tree/main/packages/l2'; undefined for all other addresses. */
export function pathAt(address) {
  if (!HERE.test(address)) return undefined;
  const path = address.replace(HERE, '').replace(/^\//, '');
  return OTHER.test(path) ? undefined : fileAt(path);
}

/** A folder is shown by its README. */
export const fileAt = path =>
  exists(path) && statSync(`${root}${path}`).isDirectory() ? `${path && `${path.replace(/\/$/, '')}/`}README.md` : path;

/** Where GitHub shows a file. */
export const onGitHub = path => `${GITHUB}/blob/main/${path}`;
