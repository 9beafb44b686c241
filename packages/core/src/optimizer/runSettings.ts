/** The settings of the optimizer that the plugins of a run change, and their previous values. */
import { type Optimizer, Tensor } from '@tensorflow/tfjs-core';
import type { Settings } from '../contract.ts';
import { applySettings } from './optimizers.ts';

const NAMES = ['learningRate', 'momentum'] as const;

/** Lets the next run with the optimizer start with the same settings as this one, unless they were set elsewhere in the meantime. */
export class RunSettings {
  readonly #optimizer: Optimizer;
  readonly #before: Settings;
  /** The settings made by the run; undefined while it is being restored, after which they are all settings of the optimizer at that time. */
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

  /** The optimizer is being set to its state when the run was interrupted: this counts as set by the run. */
  resume(): void {
    this.#set = undefined;
  }

  /** Restores the settings from before the run, unless they were changed since the run set them. */
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

/** Whether it is disposed: SGD would make a new tensor of its learning rate, which nobody would dispose again. */
const isDisposed = (optimizer: Optimizer): boolean =>
  Object.values(optimizer).some(value => value instanceof Tensor && value.isDisposed);
