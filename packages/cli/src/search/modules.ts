/** The module of a trial, as searches and workers of this program know it: it is named, not sent, so that both must have it in one version. */
import { createRequire } from 'node:module';
import type { InstalledModules } from '@keepprob/search/bullmq';
import type { Backend } from '../run/backend.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** As it is built, seen from the sources and from what is built of them: processes of their own load it. */
const address = new URL('../../dist/search/trial.js', import.meta.url);

export const modules: InstalledModules = { 'keepprob/trial': { address, version } };

/** Its address for a config and a backend. */
export function trialAt(config: string, backend: Backend): URL {
  const at = new URL(address);
  at.search = new URLSearchParams({ config, backend }).toString();
  return at;
}
