/**
 * Several copies of this package in one program, as npm and bundlers may leave behind. Copies with the same version of the contract work together as one:
 * their shared state is on `globalThis`. A copy with another version causes an error instead of silently drawing different masks.
 */
import { API_VERSION } from './contract.ts';
import { PluginError } from './options/errors.ts';
import * as messages from './options/messages.ts';
import { VERSION } from './version.ts';

/** A copy of this package. */
export interface Core {
  /** `API_VERSION` of the copy. */
  readonly apiVersion: number;
  /** The version of the package. */
  readonly version: string;
}

/**
 * This copy of the package, as the value of the field `layerPlugin`.
 * @example
 * thisCore.apiVersion === API_VERSION; // true
 */
export const thisCore: Core = { apiVersion: API_VERSION, version: VERSION };

/** @throws PluginError, which says what to install, if `what` was made with a copy that has another version of the contract */
export function checkCore(core: Core, what: string): void {
  if (core.apiVersion !== API_VERSION) throw new PluginError(messages.otherCore(what, core, thisCore));
}

/** A value that all copies with this version of the contract share; the first one to ask creates it. */
export function shared<T extends object>(name: string, make: () => T): T {
  const key = Symbol.for(`keepprob.${name}.${API_VERSION}`);
  const realm = globalThis as unknown as Record<symbol, T | undefined>;
  const value = realm[key] ?? make();
  realm[key] = value;
  return value;
}
