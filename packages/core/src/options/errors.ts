import * as messages from './messages.ts';
import { show } from './show.ts';

/** Something went wrong in a plugin or in how it was attached. `plugin` and `hook` say where. */
export class PluginError extends Error {
  override readonly name: string = 'PluginError';
  readonly plugin: string | undefined;
  readonly hook: string | undefined;

  constructor(message: string, where: { plugin?: string; hook?: string; cause?: unknown } = {}) {
    super(message, where.cause === undefined ? undefined : { cause: where.cause });
    this.plugin = where.plugin;
    this.hook = where.hook;
  }

  /** The error of a hook, as one that names plugin and hook; a `PluginError` that already does is passed on. */
  static from(cause: unknown, plugin: string, hook: string): PluginError {
    if (cause instanceof PluginError && cause.plugin !== undefined) return cause;
    const reason = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : show(cause);
    return new PluginError(messages.hookFailed(plugin, hook, reason), { plugin, hook, cause });
  }
}

/** A bad option: names the option, what was expected and what came. */
export class OptionError extends Error {
  override readonly name: string = 'OptionError';
  readonly option: string | undefined;
  readonly expected: string | undefined;
  readonly received: unknown;

  constructor(message: string, what: { option?: string; expected?: string; received?: unknown } = {}) {
    super(message);
    this.option = what.option;
    this.expected = what.expected;
    this.received = what.received;
  }

  static of(owner: string, option: string, expected: string, received: unknown): OptionError {
    return new OptionError(messages.option(owner, option, expected, received), { option, expected, received });
  }
}

/** Data that cannot be trained on: wrong shape, different lengths, empty, not finite. */
export class DataError extends Error {
  override readonly name: string = 'DataError';

  static of(what: string, expected: string, received: string): DataError {
    return new DataError(messages.data(what, expected, received));
  }
}
