/** The module of a trial for searches and workers of this program: it is referred to by name, not sent, so both must have the same version. */
import { createRequire } from 'node:module';
import type { InstalledModules } from '@keepprob/search/bullmq';
import type { Backend } from '../run/backend.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** The built file, relative to both the sources and the build: separate processes load it. */
const address = new URL('../../dist/search/trial.js', import.meta.url);

export const modules: InstalledModules = { 'keepprob/trial': { address, version } };

/** Its address for a config and a backend. */
export function trialAt(config: string, backend: Backend): URL {
  const at = new URL(address);
  at.search = new URLSearchParams({ config, backend }).toString();
  return at;
}
