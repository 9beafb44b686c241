/**
 * Writes what follows from the catalogues as built: each family's `techniques.ts` and `layerFactories.ts`, and the tables of the READMEs. With --check sees that
 * they are right. `npm run generate` builds before and after it.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { families } from './families.mjs';
import { optionDocs } from './optionDocs.mjs';
import { root } from './shell.mjs';
import { optionTableOf, papersOf, tableOf } from './tables.mjs';

const MADE = 'Made from the catalogue by `npm run generate`.';
const docs = optionDocs(families.map(({ name }) => name));
const known = new Set(families.flatMap(({ catalogue }) => catalogue.map(({ name }) => name)));

/** Where the factories of a family stand, by name: what its catalogues import. */
function filesOf(name) {
  const src = join(root, 'packages', name, 'src');
  const catalogues = readdirSync(src, { recursive: true }).filter(file => /(^|[/\\])catalogue(\.ts$|[/\\])/.test(file));
  return new Map(
    catalogues.flatMap(file =>
      [...readFileSync(join(src, file), 'utf8').matchAll(/^import \{([^}]*)\} from '(\.[^']*)';/gm)].flatMap(
        ([, names, path]) => names.split(',').map(n => [n.trim(), join(dirname(file), path).replaceAll('\\', '/')]),
      ),
    ),
  );
}

/** The two source files of a family that list its techniques. */
function sources({ name, catalogue }) {
  const files = filesOf(name);
  const own = catalogue.filter(entry => files.has(entry.name));
  const byFile = entries =>
    [...new Set(entries.map(entry => files.get(entry.name)))].sort((a, b) => a.localeCompare(b, 'en'));
  const techniques = byFile(own).map(file => `export * from './${file}';`);
  const layers = own.filter(({ kind }) => kind === 'layer');
  const factories = byFile(layers).map(file => {
    const names = layers.filter(entry => files.get(entry.name) === file).map(entry => entry.name);
    return `export { ${names.sort((a, b) => a.localeCompare(b, 'en')).join(', ')} } from './${file}';`;
  });
  const src = `packages/${name}/src`;
  return [
    [`${src}/techniques.ts`, [`/** Every technique, with its functions and types. ${MADE} */`, ...techniques]],
    ...(layers.length
      ? [[`${src}/layerFactories.ts`, [`/** Every layer of this package, to be registered. ${MADE} */`, ...factories]]]
      : []),
  ].map(([path, lines]) => [path, `${lines.join('\n')}\n`]);
}

/** The text with what stands between the comments of that name replaced. */
function placed(path, text, name, content) {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for its table: put ${open} and ${close} there.`);
  return `${text.slice(0, from)}${open}\n${content}\n${text.slice(to)}`;
}

function familyReadme({ name, catalogue }) {
  const path = `packages/${name}/README.md`;
  const tables = grouped(catalogue);
  const text = [...tables].reduce(
    (readme, [table, entries]) =>
      placed(path, readme, table === undefined ? 'techniques' : `techniques: ${table}`, tableOf(entries, known)),
    readFileSync(join(root, path), 'utf8'),
  );
  const options = optionTableOf(catalogue, (entry, option) => docs(name, entry, option));
  return [path, placed(path, placed(path, text, 'options', options), 'papers', papersOf(catalogue))];
}

function grouped(entries) {
  const groups = new Map();
  for (const entry of entries) groups.set(entry.table, [...(groups.get(entry.table) ?? []), entry]);
  return groups;
}

function rootReadme() {
  const rows = families.map(
    ({ name, catalogue }) =>
      `| [\`@keepprob/${name}\`](packages/${name}) | ${catalogue.map(entry => `\`${entry.name}\``).join(', ')} |`,
  );
  const table = ['| package | techniques |', '|---|---|', ...rows].join('\n');
  return ['README.md', placed('README.md', readFileSync(join(root, 'README.md'), 'utf8'), 'families', table)];
}

const wrong = [...families.flatMap(sources), ...families.map(familyReadme), rootReadme()].filter(([path, text]) => {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
});
if (!process.argv.includes('--check')) {
  for (const [path, text] of wrong) writeFileSync(join(root, path), text);
} else if (wrong.length) {
  console.error(`Not what the catalogues say: ${wrong.map(([path]) => path).join(', ')}. Run \`npm run generate\`.`);
  process.exitCode = 1;
}
