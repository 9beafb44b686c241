/** Links between the pages of the repository lead somewhere; those of a package's README do so from npm's page of the package, too. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const packages = readdirSync(`${root}packages`).map(name => `packages/${name}/README.md`);
const others = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(`${root}docs`).map(name => `docs/${name}`),
];

const HERE =
  /^https:\/\/(?:github\.com\/keepprob\/keepprob(?:\/(?:blob|tree)\/main)?|raw\.githubusercontent\.com\/keepprob\/keepprob\/main)(?=[/#]|$)/;

const textOf = (path: string): string => readFileSync(`${root}${path}`, 'utf8');
const linksIn = (page: string): string[] => {
  const prose = textOf(page)
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => link);
};

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** What is wrong with a link of a page that leads to this repository; undefined for all others. */
function faultOf(page: string, link: string): string | undefined {
  const [address = '', anchor] = link.split('#');
  if (/^[a-z]+:/.test(address) && !HERE.test(address)) return undefined;
  const path = HERE.test(address)
    ? address.replace(HERE, '').replace(/^\//, '')
    : posix.join(address ? posix.dirname(page) : page, address);
  if (/^(security|issues|\.git)/.test(path)) return undefined;
  if (!existsSync(`${root}${path}`)) return `${link}: there is no ${path}`;
  const target = statSync(`${root}${path}`).isDirectory() ? posix.join(path, 'README.md') : path;
  if (!anchor || anchor === 'readme' || !target.endsWith('.md')) return undefined;
  return anchorsOf(target).includes(anchor) ? undefined : `${link}: ${target} has no such heading`;
}

describe.each([...packages, ...others].filter(page => page.endsWith('.md')))('%s', page => {
  test('has links that lead somewhere', () =>
    expect(linksIn(page).flatMap(link => faultOf(page, link) ?? [])).toEqual([]));
});

test.each(packages)('%s has no link that only the repository knows', page =>
  expect(linksIn(page).filter(link => !/^(#|[a-z]+:)/.test(link))).toEqual([]),
);
