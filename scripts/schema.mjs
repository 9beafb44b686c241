/** Writes the JSON schema of the command line's configs, as built. With --check sees that it is right. `npm run generate` builds before it. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchema } from '../packages/cli/dist/config/schema/jsonSchema.js';
import { pretty } from '../packages/cli/dist/init/pretty.js';
import { families } from './families.mjs';
import { optionDocs } from './optionDocs.mjs';
import { root } from './shell.mjs';

const file = join(root, 'packages/cli/config.schema.json');
const docs = optionDocs(families.map(({ name }) => name));
const known = new Map(families.flatMap(({ name, catalogue }) => catalogue.map(entry => [entry.name, [name, entry]])));
const docOf = (technique, option) => {
  const [family, entry] = known.get(technique) ?? [];
  return entry && docs(family, entry, option);
};
const text = `${pretty(jsonSchema(docOf))}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  console.error('packages/cli/config.schema.json is not what the checks of configs say. Run `npm run generate`.');
  process.exitCode = 1;
}
