/** The packages that have a catalogue, with their entries as built. */
import { readdirSync, readFileSync } from 'node:fs';

const packages = new URL('../packages/', import.meta.url);
const manifest = name => JSON.parse(readFileSync(new URL(`${name}/package.json`, packages), 'utf8'));

export const families = await Promise.all(
  readdirSync(packages)
    .filter(name => name !== 'core' && manifest(name).exports['./catalogue'])
    .map(async name => {
      const { catalogue } = await import(new URL(`${name}/dist/catalogue.js`, packages));
      return { name, description: manifest(name).description, catalogue };
    }),
);
