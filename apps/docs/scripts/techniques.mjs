/** A page for each technique, from its entry in the catalogue and the docstrings of its options. */
import { families } from '../../../scripts/families.mjs';
import { optionDocs } from '../../../scripts/optionDocs.mjs';
import { optionRowsOf } from '../../../scripts/tables.mjs';
import { doorAt, pageKey } from './doors.mjs';
import { hostsOf } from './hosts.mjs';
import { programOf } from './program.mjs';

export { families };
export const entries = families.flatMap(({ catalogue }) => catalogue);
const known = new Set(entries.map(({ name }) => name));
const docs = optionDocs(families.map(({ name }) => name));

/** The name of the file with the picture of a technique. */
export const pictureFile = ({ name }) => `technique-${name}.svg`;

/** The address of the page of a technique. */
export const techniqueAt = ({ name }) => `/techniques/${name}`;

const cell = text => text.replaceAll('|', '\\|');
const sentence = text => `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
const linked = name => (known.has(name) ? `[\`${name}\`](/techniques/${name})` : name);
const plain = text => text.replaceAll('`', '');
const section = (title, text) => (text ? `## ${title}\n\n${text}` : '');

const kinds = {
  layer: 'a layer: it goes wherever a layer goes',
  plugin: 'a training plugin: it goes into the list of `plugins`',
  schedule: 'a schedule: it goes wherever a number may change during training',
};

function optionsOf(family, entry) {
  const rows = optionRowsOf([entry], (technique, option) => docs(family, technique, option));
  if (!rows.length) return '';
  const lines = rows.map(
    ({ option, defaults, text }) => `| \`${option}\` | ${[...defaults].join('; ')} | ${cell(text)} |`,
  );
  return ['| option | default | |', '|---|---|---|', ...lines].join('\n');
}

const badlyOf = ({ combinesBadlyWith = {} }) =>
  Object.entries(combinesBadlyWith)
    .map(([name, why]) => `- ${linked(name)}${why && `: ${why}`}`)
    .join('\n');

const paperOf = ({ authors, year, title, venue, at }) =>
  `- ${authors} (${year})${at ? `, ${at}` : ''}. *${title}*. ${venue}.`;
const sourceOf = ({ papers = [], kerasName, torchName }) =>
  [
    ...papers.map(paperOf),
    ...(kerasName ? [`- Keras calls it \`${kerasName}\`.`] : []),
    ...(torchName ? [`- PyTorch calls it \`${torchName}\`.`] : []),
  ].join('\n');

/** The page of one technique. */
function pageOf(family, entry, { picture, api }) {
  const { name, kind, calls, what, formula, goodFor, cost } = entry;
  const [article, ...rest] = kinds[kind].split(': ');
  return [
    `---\ndescription: ${JSON.stringify(plain(sentence(what)))}\n---`,
    `# ${name}`,
    `\`${name}\` of [\`@keepprob/${family}\`](/packages/${family}) is ${article}: ${rest.join(': ')}. ([API](${api}))`,
    sentence(what),
    formula ? `\`\`\`text\n${formula}\n\`\`\`` : '',
    // its words are for everyone, below it
    picture ? `![](/${pictureFile(entry)})\n\n*${picture.alt}*` : '',
    section('When it helps', goodFor && sentence(`It is good for ${goodFor}`)),
    section(calls.length > 1 ? 'Calls' : 'Call', calls.map(call => `- \`${call}\``).join('\n')),
    section('Example', `\`\`\`js\n${programOf(family, entry)}\n\`\`\``),
    section('Options', optionsOf(family, entry)),
    section('Where it runs', hostsOf(entry)),
    section('Cost', cost && sentence(cost)),
    section('Combines badly with', badlyOf(entry)),
    section('Source', sourceOf(entry)),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function indexPage() {
  const tables = families.map(({ name, description, catalogue }) => {
    const rows = catalogue.map(entry => `| ${linked(entry.name)} | ${cell(entry.what)} |`);
    return [
      `## @keepprob/${name}`,
      `${sentence(description)}`,
      ['| technique | what it does |', '|---|---|', ...rows].join('\n'),
    ].join('\n\n');
  });
  return [
    '# Techniques',
    'Each technique has a page: what it computes, its options, where it runs, what it costs, and a program to start from.',
    ...tables,
  ].join('\n\n');
}

/**
 * The pages of all techniques and their index, by address.
 * @param pictures by the name of the technique
 * @param exported the address of the page of each export, by `pageKey`; the page of the door takes the place of one that is not written
 */
export const techniquePages = (pictures, exported) =>
  new Map([
    ['/techniques/', indexPage()],
    ...families.flatMap(({ name, catalogue }) =>
      catalogue.map(entry => {
        const door = `@keepprob/${name}`;
        const api = exported.get(pageKey(door, entry.name)) ?? doorAt(door);
        return [techniqueAt(entry), pageOf(name, entry, { picture: pictures.get(entry.name), api })];
      }),
    ),
  ]);
