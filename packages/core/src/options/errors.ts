import * as messages from './messages.ts';
import { show } from './show.ts';

/** On the prototype of a class of errors: its name, the same in every copy of this package. */
const KIND = Symbol.for('keepprob.error');

/** Makes `instanceof` hold for the errors of every copy of this package; a class that is derived from `of` is asked for as any other. */
function acrossCopies(of: typeof PluginError | typeof OptionError | typeof DataError, name: string): void {
  Object.defineProperty(of.prototype, KIND, { value: name });
  Object.defineProperty(of, Symbol.hasInstance, {
    value(this: unknown, error: unknown): boolean {
      if (this !== of) return Function.prototype[Symbol.hasInstance].call(this, error);
      return (error as { readonly [KIND]?: unknown } | null | undefined)?.[KIND] === name;
    },
  });
}

/** Something went wrong in a plugin or in how it was attached. `plugin` and `hook` say where. */
export class PluginError extends Error {
  static {
    acrossCopies(PluginError, 'PluginError');
  }
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
  static {
    acrossCopies(OptionError, 'OptionError');
  }
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
  static {
    acrossCopies(DataError, 'DataError');
  }
  override readonly name: string = 'DataError';

  static of(what: string, expected: string, received: string): DataError {
    return new DataError(messages.data(what, expected, received));
  }
}
