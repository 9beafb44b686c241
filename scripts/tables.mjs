/** Entries of a catalogue as Markdown. */

const code = text => `\`${text}\``;
const cell = text => text.replaceAll('|', '\\|');

/** A fallback as one would write it; nothing where it is a function, a dash where there is none. */
function written(value) {
  if (typeof value === 'function') return '';
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, v]) => `${key}: ${written(v)}`)
      .join(', ')} }`;
  return typeof value === 'string' ? `'${value}'` : `${value}`;
}

const cited = ({ authors, year, at }) => `${authors} ${year}${at ? `, ${at}` : ''}`;
const torch = name => (name.startsWith('torchvision.') ? code(name) : `PyTorch's ${code(name)}`);

const sourceOf = ({ papers = [], kerasName, torchName }) =>
  [
    ...papers.map(cited),
    ...(kerasName ? [`Keras' ${code(kerasName)}`] : []),
    ...(torchName ? [torch(torchName)] : []),
  ].join('; ');

const badly = ({ combinesBadlyWith = {} }, known) =>
  Object.entries(combinesBadlyWith)
    .map(([name, why]) => `${known.has(name) ? code(name) : name}${why && `: ${why}`}`)
    .join('; ');

/** The table of some entries; a column in which none of them has anything is left out. `known`: the names of all techniques. */
export function tableOf(entries, known) {
  const schedules = entries.every(({ kind }) => kind === 'schedule');
  const columns = {
    [schedules ? 'schedule' : 'technique']: ({ calls }) => calls.map(code).join(', '),
    [schedules ? 'value at update t' : 'what it does']: ({ what, formula }) =>
      [what, formula].filter(Boolean).join('<br>'),
    cost: ({ cost = '' }) => cost,
    'combines badly with': entry => badly(entry, known),
    source: sourceOf,
  };
  const used = Object.entries(columns).filter(([, of]) => entries.some(entry => of(entry)));
  const row = cells => `| ${cells.join(' | ')} |`;
  return [
    row(used.map(([title]) => title)),
    `|${used.map(() => '---|').join('')}`,
    ...entries.map(entry => row(used.map(([, of]) => cell(of(entry))))),
  ].join('\n');
}

/** A default as a docstring writes it, as `written` writes it: `True`, `1e-4`, `½`. */
const literal = text =>
  ({ '½': '0.5' })[text] ??
  (Number.isNaN(Number(text)) ? text.replace(/^[A-Z]/, c => c.toLowerCase()) : `${Number(text)}`);

/** What a docstring says of an option, without the default that stands in the column next to it. */
const withoutDefault = (text, spec) =>
  text.replace(/[;,.] ([^;,. ]\S*) by default\.$/, (said, value) =>
    'fallback' in spec && literal(value) === written(spec.fallback) ? '.' : said,
  );

/** The options of some entries that `docs` says something about: those of one name and one meaning in one row. */
export function optionRowsOf(entries, docs) {
  const rows = new Map();
  for (const entry of entries) {
    for (const [option, spec] of Object.entries(entry.definition.options)) {
      const said = docs(entry, option);
      if (!said) continue;
      const text = withoutDefault(said, spec);
      const row = rows.get(`${option} ${text}`) ?? { option, text, defaults: new Set(), of: [] };
      rows.set(`${option} ${text}`, row);
      row.defaults.add('fallback' in spec ? written(spec.fallback) : '–');
      row.of.push(code(entry.name));
    }
  }
  const names = [...new Set([...rows.values()].map(({ option }) => option))];
  return names.flatMap(name => [...rows.values()].filter(({ option }) => option === name));
}

/** The same as a table. */
export function optionTableOf(entries, docs) {
  const lines = optionRowsOf(entries, docs).map(
    ({ option, text, defaults, of }) =>
      `| ${code(option)} | ${[...defaults].join('; ')} | ${of.join(', ')} | ${cell(text)} |`,
  );
  return ['| option | default | of | |', '|---|---|---|---|', ...lines].join('\n');
}

/** The papers of some entries, each once, by authors. */
export function papersOf(entries) {
  const lines = entries
    .flatMap(({ papers = [] }) => papers)
    .map(({ authors, year, title, venue }) => `- ${authors} (${year}). *${title}*. ${venue}.`);
  return [...new Set(lines)].sort((a, b) => a.localeCompare(b, 'en')).join('\n');
}
