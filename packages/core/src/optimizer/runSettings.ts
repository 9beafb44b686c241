/** What the plugins of a run set their optimizer to, and what it had before. */
import { type Optimizer, Tensor } from '@tensorflow/tfjs-core';
import type { Settings } from '../contract.ts';
import { applySettings } from './optimizers.ts';

const NAMES = ['learningRate', 'momentum'] as const;

/** The next run with the optimizer begins as this one did, unless somebody else has set it meanwhile. */
export class RunSettings {
  readonly #optimizer: Optimizer;
  readonly #before: Settings;
  /** What the run has set; undefined while it is being restored, after which it is all that the optimizer then has. */
  #set: Settings | undefined = {};

  constructor(optimizer: Optimizer) {
    this.#optimizer = optimizer;
    this.#before = settingsOf(optimizer);
  }

  /** @throws PluginError for a setting that the optimizer does not have */
  set(settings: Settings): void {
    const before = this.#ownSettings();
    applySettings(this.#optimizer, settings);
    const names = NAMES.filter(name => settings[name] !== undefined);
    this.#set = { ...before, ...settingsOf(this.#optimizer, names) };
  }

  /** The optimizer is being set to what it was when the run was interrupted: that is the run's doing, too. */
  resume(): void {
    this.#set = undefined;
  }

  /** As it was before the run, where it is as the run has left it. */
  putBack(): void {
    if (isDisposed(this.#optimizer)) return;
    const set = this.#ownSettings();
    const now = settingsOf(this.#optimizer);
    this.#set = {};
    const left = NAMES.filter(name => set[name] !== undefined && Object.is(set[name], now[name]));
    for (const name of left) applySettings(this.#optimizer, { [name]: this.#before[name] });
  }

  #ownSettings(): Settings {
    this.#set ??= settingsOf(this.#optimizer);
    return this.#set;
  }
}

function settingsOf(optimizer: Optimizer, names: readonly (typeof NAMES)[number][] = NAMES): Settings {
  const fields = names.map(name => [name, Reflect.get(optimizer, name)] as const);
  return Object.fromEntries(fields.filter(([, value]) => typeof value === 'number'));
}

/** SGD makes a tensor of its learning rate, which nobody would dispose of again. */
const isDisposed = (optimizer: Optimizer): boolean =>
  Object.values(optimizer).some(value => value instanceof Tensor && value.isDisposed);
