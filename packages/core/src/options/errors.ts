import * as messages from './messages.ts';
import { show } from './show.ts';

/** The property on the prototype of an error class that holds its name, the same in every copy of this package. */
const KIND = Symbol.for('keepprob.error');

/** Makes `instanceof` hold for the errors of every copy of this package. Classes derived from `of` are checked as usual. */
function acrossCopies(of: typeof PluginError | typeof OptionError | typeof DataError, name: string): void {
  Object.defineProperty(of.prototype, KIND, { value: name });
  Object.defineProperty(of, Symbol.hasInstance, {
    value(this: unknown, error: unknown): boolean {
      if (this !== of) return Function.prototype[Symbol.hasInstance].call(this, error);
      return (error as { readonly [KIND]?: unknown } | null | undefined)?.[KIND] === name;
    },
  });
}

/**
 * A plugin failed, or was attached incorrectly. `plugin` and `hook` say where.
 * @example
 * const broken = definePlugin({ name: 'broken', options: {}, setup: () => ({ penalty: () => undefined }) });
 * const error = await fit(model, { x, y }, { ...options, plugins: [broken()] }).catch(reason => reason);
 * error.plugin; // 'broken'
 * error.hook; // 'penalty'
 */
export class PluginError extends Error {
  static {
    acrossCopies(PluginError, 'PluginError');
  }
  /** 'PluginError', in every copy of this package. */
  override readonly name: string = 'PluginError';
  /** The name of the plugin. */
  readonly plugin: string | undefined;
  /** The hook that failed, or 'setup'. */
  readonly hook: string | undefined;

  constructor(message: string, where: { plugin?: string; hook?: string; cause?: unknown } = {}) {
    super(message, where.cause === undefined ? undefined : { cause: where.cause });
    this.plugin = where.plugin;
    this.hook = where.hook;
  }
  /** Turns the error of a hook into one that names the plugin and the hook; a `PluginError` that already does is returned unchanged. */
  static from(cause: unknown, plugin: string, hook: string): PluginError {
    if (cause instanceof PluginError && cause.plugin !== undefined) return cause;
    const reason = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : show(cause);
    return new PluginError(messages.hookFailed(plugin, hook, reason), { plugin, hook, cause });
  }
}

/**
 * A bad option. It names the option, what was expected and what was received.
 * @example
 * const error = await fit(model, { x, y }, { ...options, batchSize: 0 }).catch(reason => reason);
 * error instanceof OptionError; // true
 * error.option; // 'batchSize'
 */
export class OptionError extends Error {
  static {
    acrossCopies(OptionError, 'OptionError');
  }
  /** 'OptionError', in every copy of this package. */
  override readonly name: string = 'OptionError';
  /** The option, such as `keepProb`. */
  readonly option: string | undefined;
  /** What the option takes, in words. */
  readonly expected: string | undefined;
  /** The value that was given. */
  readonly received: unknown;

  constructor(message: string, what: { option?: string; expected?: string; received?: unknown } = {}) {
    super(message);
    this.option = what.option;
    this.expected = what.expected;
    this.received = what.received;
  }

  /** The error for an option of `owner`, such as `dropout`. */
  static of(owner: string, option: string, expected: string, received: unknown): OptionError {
    return new OptionError(messages.option(owner, option, expected, received), { option, expected, received });
  }
}

/**
 * The data cannot be trained on: a wrong shape, different lengths, no rows, or numbers that are not finite.
 * @example
 * const error = await fit(model, { x, y: tf.zeros([63, 2]) }, options).catch(reason => reason);
 * error instanceof DataError; // true
 */
export class DataError extends Error {
  static {
    acrossCopies(DataError, 'DataError');
  }
  /** 'DataError', in every copy of this package. */
  override readonly name: string = 'DataError';
  /** The error for the data called `what`: it says what was expected and what was received. */
  static of(what: string, expected: string, received: string): DataError {
    return new DataError(messages.data(what, expected, received));
  }
}
