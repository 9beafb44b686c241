/** All pages of the site as Markdown, by their addresses. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { communityTable } from './community.mjs';
import { included, placesOf } from './include.mjs';
import { kerasNames, ourNames, torchNames } from './names.mjs';
import { packageNames, textOf } from './repository.mjs';
import { entries, techniquePages } from './techniques.mjs';

const written = fileURLToPath(new URL('../pages/', import.meta.url));

/** The pages that are written by hand, by address: '/guides/trainer', '/guides/'. */
function ownPages() {
  const files = readdirSync(written, { recursive: true }).map(file => file.replaceAll('\\', '/'));
  const pages = files
    .filter(file => file.endsWith('.md'))
    .map(file => [`/${file.replace(/(^|(?<=\/))index\.md$|\.md$/, '')}`, readFileSync(`${written}${file}`, 'utf8')]);
  // where two pages include the same section, links lead to the first; that is never the home page
  return new Map(pages.sort(([a], [b]) => Number(a === '/') - Number(b === '/') || a.localeCompare(b, 'en')));
}

const manifestOf = name => JSON.parse(textOf(`packages/${name}/package.json`));

/** What a package says of itself, where readers do not see it: for search engines and llms.txt. */
const described = name => `---\ndescription: ${JSON.stringify(manifestOf(name).description)}\n---\n\n`;

/** A page for the README of each package, unless another page is its home or shows all of it. */
function packagePages(own) {
  const places = placesOf(own);
  const homeless = packageNames.filter(name => !places.get(`packages/${name}/README.md`)?.home);
  return homeless.map(name => [
    `/packages/${name}`,
    `${described(name)}<!--@include: /packages/${name}/README.md-->\n`,
  ]);
}

/** Every package with the page that tells about it. */
function packagesPage(places) {
  const rows = packageNames.map(folder => {
    const { name, description } = manifestOf(folder);
    return `| [\`${name}\`](${places.get(`packages/${folder}/README.md`).home}) | ${description} |`;
  });
  return ['# Packages', '', '| package | what it does |', '|---|---|', ...rows].join('\n');
}

const tables = {
  keras: () => kerasNames(entries),
  torch: () => torchNames(entries),
  ours: () => ourNames(entries),
  community: () => communityTable(),
};
const withTables = page =>
  page.replace(/^<!-- ?@table: (\w+) ?-->$/gm, (_, name) => {
    if (!Object.hasOwn(tables, name)) throw new Error(`There is no table "${name}".`);
    return tables[name]();
  });

/**
 * Every page but those of the API, and the images that they show, by name.
 * @param pictures of techniques, by their names
 * @param exported addresses of the API, as `writeApi` returns them; none where it was not written
 */
export function sitePages(pictures, exported) {
  const own = ownPages();
  const sources = new Map([...own, ...packagePages(own)]);
  const places = placesOf(sources);
  const images = new Map();
  const pages = [...sources].map(([address, page]) => [address, included(withTables(page), places, images)]);
  const made = [...techniquePages(pictures, exported)].map(([address, page]) => [
    address,
    included(page, places, images),
  ]);
  const overview = ['/packages/', packagesPage(places)];
  return { pages: new Map([...pages, overview, ...made]), images, packages: [...sources.keys()].filter(isPackage) };
}

const isPackage = address => address.startsWith('/packages/');
