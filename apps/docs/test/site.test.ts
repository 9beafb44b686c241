/** Every program on the pages of the site runs as it is printed, links lead somewhere, and the tables of names are those of the catalogues. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Outcomes, runModules, type Snippet, shapeOf, snippetsIn } from '../../../examples/test/snippets.ts';
import { catalogue } from '../../../packages/cli/src/config/catalogue.ts';
import { headingsIn, linksIn, ownPages, writtenPages } from './pages.ts';

const isTechnique = (address: string): boolean => address.startsWith('/techniques/');
const own = await ownPages();
const { texts, images } = await writtenPages();
const techniques = [...texts].filter(([address]) => isTechnique(address));

/** A file of Keras, for a program whose reader has one. */
const fixture = fileURLToPath(new URL('../../../packages/convert/test/fixtures/model.keras', import.meta.url));
const withFile = (code: string): string =>
  code.includes("'model.keras'")
    ? `await (await import('node:fs/promises')).copyFile(${JSON.stringify(fixture)}, 'model.keras');\n${code}`
    : code;

const fileOf = (address: string, { title }: Snippet): string =>
  `${`${address}-${title}`.replace(/\W+/g, '-').slice(1)}.mjs`;
const programs = [...own, ...techniques].flatMap(([address, text]) =>
  snippetsIn(text).map(snippet => ({ ...snippet, address, file: fileOf(address, snippet) })),
);
/** Programs that train for seconds. */
const isLong = (address: string): boolean =>
  ['/guides/transfer-learning', '/guides/tables', '/learn/lab'].includes(address);
/** But those, and of the techniques, whose programs are made alike, every sixth; `npm run test:long` runs all of them. */
const run = programs.filter(
  ({ address }, i) => process.env.CASES === 'all' || (isTechnique(address) ? i % 6 === 0 : !isLong(address)),
);
let outcomes: Outcomes = new Map();
beforeAll(async () => {
  outcomes = await runModules('site', new Map(run.map(({ file, code }) => [file, withFile(code)])));
});

describe('programs', () => {
  test('there is one for each technique', () => {
    const shown = techniques.flatMap(([address, text]) => (snippetsIn(text).length === 1 ? [address] : []));
    expect(shown.sort()).toEqual(catalogue.map(({ name }) => `/techniques/${name}`).sort());
  });
  test('stand below what the technique is good for', () => {
    const silent = techniques.filter(
      ([address, text]) => address !== '/techniques/' && !/^It is good for /m.test(text),
    );
    expect(silent.map(([address]) => address)).toEqual([]);
  });
  test('have names of their own', () => expect(new Set(programs.map(({ file }) => file)).size).toBe(programs.length));

  test.each(run.map(({ file, prints }) => [file, prints]))('%s', (file, prints) => {
    const outcome = outcomes.get(file);
    expect(outcome?.failure).toBe('');
    if (prints !== undefined) expect(shapeOf(outcome?.printed ?? '')).toBe(shapeOf(prints));
  });
});

describe('links', () => {
  const anchorOf = (heading: string): string =>
    heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');

  /** What is wrong with a link; undefined for those that leave the site, and for those to the API, which the build follows. */
  function faultOf(page: string, link: string): string | undefined {
    const [address = '', anchor] = link.split('#');
    if (/^[a-z]+:/.test(address) || address.startsWith('/api/') || images.includes(address.slice(1))) return undefined;
    const text = texts.get(address || page);
    if (text === undefined) return `${link}: there is no such page`;
    return anchor === undefined || headingsIn(text).map(anchorOf).includes(anchor)
      ? undefined
      : `${link}: the page has no such heading`;
  }

  test('of every page lead somewhere', () =>
    expect([...texts].flatMap(([page, text]) => linksIn(text).flatMap(link => faultOf(page, link) ?? []))).toEqual([]));
  test('to the repository are gone where the site has the page', () => {
    const readme = /github\.com\/keepprob\/keepprob\/(tree|blob)\/main\/packages\/\w+(\/README\.md|#|\)|$)/;
    expect([...texts].flatMap(([, text]) => linksIn(text).filter(link => readme.test(link)))).toEqual([]);
  });
});

describe('names', () => {
  const page = texts.get('/guides/keras-and-pytorch') ?? '';
  const rows = page.split('\n').filter(line => line.startsWith('| '));
  const tableFrom = (title: string): string[] => {
    const start = rows.findIndex(row => row.startsWith(`| ${title} |`));
    const next = rows.findIndex((row, i) => i > start && /^\| (Keras|PyTorch|keepprob) \|/.test(row));
    return rows.slice(start + 1, next < 0 ? undefined : next);
  };
  const linkTo = (name: string): string => `[\`${name}\`](/techniques/${name})`;

  test.each([
    ['Keras', 'kerasName'],
    ['PyTorch', 'torchName'],
  ] as const)('of %s lead to our techniques, each once', (title, field) => {
    const table = tableFrom(title);
    for (const entry of catalogue) {
      const theirs = entry[field];
      if (theirs === undefined) continue;
      const found = table.filter(row => row.startsWith(`| \`${theirs}\` |`));
      expect([theirs, found.length]).toEqual([theirs, 1]);
      expect(found[0]).toContain(linkTo(entry.name));
    }
  });

  test('of ours lead to theirs', () => {
    const cell = (name: string | undefined): string => (name ? `\`${name}\`` : '–');
    const expected = catalogue.map(e => `| ${linkTo(e.name)} | ${cell(e.kerasName)} | ${cell(e.torchName)} |`);
    expect(tableFrom('keepprob').sort()).toEqual(expected.sort());
  });
});
