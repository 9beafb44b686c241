/** The names of Keras and PyTorch next to ours, from the catalogues. */
import { techniqueAt } from './techniques.mjs';

const link = entry => `[\`${entry.name}\`](${techniqueAt(entry)})`;

/** What others call something, and what we do: from those that are not techniques. */
const others = {
  keras: [
    ['ModelCheckpoint', '`checkpoint` of [`fit`](/guides/long-runs)'],
    ['TensorBoard', '`tensorBoard` of [`@keepprob/trainer/node`](/guides/trainer#listeners)'],
    ['CSVLogger', '`csv` of [`@keepprob/trainer/node`](/guides/trainer#listeners)'],
    ['BackupAndRestore', '`checkpoint` and `resume` of [`fit`](/guides/long-runs)'],
    ['KerasTuner', '[`search`](/guides/search)'],
  ],
  torch: [
    ['model.eval()', '`model.predict`; [`noiseOff`](/packages/dropout) where you apply layers yourself'],
    ['torch.manual_seed', '`seed` of [`fit`](/guides/trainer) and of each layer'],
    ['torch.save', '`checkpoint` of [`fit`](/guides/long-runs)'],
    ['torch.optim.Adam(amsgrad=True)', '[`amsgrad`](/packages/gradients#amsgrad)'],
    ['gradient accumulation by hand', '[`accumulate`](/techniques/accumulate)'],
  ],
};

const byName = ([a], [b]) => a.localeCompare(b, 'en', { sensitivity: 'base' });

function table(title, rows) {
  const body = rows.sort(byName).map(([name, ours]) => `| \`${name}\` | ${ours} |`);
  return [`| ${title} | keepprob |`, '|---|---|', ...body].join('\n');
}

/** One table from the names of the other library, by `field`; several of our techniques may share a name. */
function foreign(entries, field, title, more) {
  const rows = new Map();
  for (const entry of entries) {
    if (entry[field]) rows.set(entry[field], [...(rows.get(entry[field]) ?? []), link(entry)]);
  }
  return table(title, [...[...rows].map(([name, links]) => [name, links.join(', ')]), ...more]);
}

export const kerasNames = entries => foreign(entries, 'kerasName', 'Keras', others.keras);
export const torchNames = entries => foreign(entries, 'torchName', 'PyTorch', others.torch);

/** All techniques with the names that the other libraries have for them. */
export function ourNames(entries) {
  const cell = name => (name ? `\`${name}\`` : '–');
  const rows = [...entries]
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map(entry => `| ${link(entry)} | ${cell(entry.kerasName)} | ${cell(entry.torchName)} |`);
  return ['| keepprob | Keras | PyTorch |', '|---|---|---|', ...rows].join('\n');
}
