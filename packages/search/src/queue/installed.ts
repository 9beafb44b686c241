/** Trials whose module every machine has, because both the searching and the serving program include it: such a module is sent by name only. */
import { fileURLToPath } from 'node:url';
import { option } from '@keepprob/core';
import * as messages from '../messages.ts';
import type { Named, QueuedTask } from './queued.ts';

/** A module with the version of its package: all units are computed by the same version. */
export interface InstalledModule {
  /** Its URL on this machine. */
  readonly address: URL;
  /** The version of its package. */
  readonly version: string;
}

/** Modules by the names that a search and its workers share. */
export type InstalledModules = Readonly<Record<string, InstalledModule>>;

const isModule = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Reflect.get(value, 'address') instanceof URL &&
  typeof Reflect.get(value, 'version') === 'string';

export const modulesOption = option.custom<InstalledModules>(
  'modules by their names, each { address, version } with the URL of a file',
  value => typeof value === 'object' && value !== null && Object.values(value).every(isModule),
  { fallback: {} },
);

/** The shared name of the trial's module; undefined if the module must be sent. */
export function nameOf(modules: InstalledModules, trial: URL): Named | undefined {
  const is = ({ address }: InstalledModule): boolean => pathOf(address) === pathOf(trial);
  const [found] = Object.entries(modules).filter(([, module]) => is(module));
  return found && { module: found[0], version: found[1].version };
}

const pathOf = (address: URL): string => (address.protocol === 'file:' ? fileURLToPath(address) : address.href);

/** Why this machine cannot compute the task; null if it can. */
export function misfit(modules: InstalledModules, { code }: QueuedTask): string | null {
  if (!('module' in code)) return null;
  const { module, version } = code;
  const own = Object.hasOwn(modules, module) ? modules[module] : undefined;
  if (!own) return messages.moduleMissing(module);
  return own.version === version ? null : messages.otherVersion(module, own.version, version);
}
