/** Trials whose module every machine has: the program that searches and the one that serves brought it along, so that it is named, not sent. */
import { fileURLToPath } from 'node:url';
import { option } from '@keepprob/core';
import * as messages from '../messages.ts';
import type { Named, QueuedTask } from './queued.ts';

/** A module with the version of what it is a part of: units are computed by the same one everywhere. */
export interface InstalledModule {
  /** Where it lies on this machine. */
  readonly address: URL;
  /** That of its package. */
  readonly version: string;
}

/** By the names under which a search and its workers know them. */
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

/** What the trial is called everywhere; undefined for one that is to be sent. */
export function nameOf(modules: InstalledModules, trial: URL): Named | undefined {
  const is = ({ address }: InstalledModule): boolean => pathOf(address) === pathOf(trial);
  const [found] = Object.entries(modules).filter(([, module]) => is(module));
  return found && { module: found[0], version: found[1].version };
}

const pathOf = (address: URL): string => (address.protocol === 'file:' ? fileURLToPath(address) : address.href);

/** Why this machine does not compute such a task; null where it does. */
export function misfit(modules: InstalledModules, { code }: QueuedTask): string | null {
  if (!('module' in code)) return null;
  const { module, version } = code;
  const own = Object.hasOwn(modules, module) ? modules[module] : undefined;
  if (!own) return messages.moduleMissing(module);
  return own.version === version ? null : messages.otherVersion(module, own.version, version);
}
