/** After `changeset version`: the version that core tells in its errors, and the cores that each package takes for its peer. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const packages = new URL('../packages/', import.meta.url);
const manifestOf = name => new URL(`${name}/package.json`, packages);
const { version } = JSON.parse(readFileSync(manifestOf('core'), 'utf8'));

const versionFile = new URL('core/src/version.ts', packages);
const said = readFileSync(versionFile, 'utf8');
writeFileSync(versionFile, said.replace(/'[^']*';/, `'${version}';`));

// from this minor version up to the next major one: docs/design.md says why
const [major, minor] = version.split('.').map(Number);
const range = `>=${major}.${minor}.0 <${major + 1}.0.0`;
for (const name of readdirSync(packages)) {
  const manifest = JSON.parse(readFileSync(manifestOf(name), 'utf8'));
  if (!manifest.peerDependencies?.['@keepprob/core']) continue;
  manifest.peerDependencies['@keepprob/core'] = range;
  writeFileSync(manifestOf(name), `${JSON.stringify(manifest, null, 2)}\n`);
}
