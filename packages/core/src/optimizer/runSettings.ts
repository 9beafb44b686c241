/** What the plugins of a run set their optimizer to, and what it had before. */
import { type Optimizer, Tensor } from '@tensorflow/tfjs-core';
import type { Settings } from '../contract.ts';
import { applySettings } from './optimizers.ts';

const NAMES = ['learningRate', 'momentum'] as const;

/** The next run with the optimizer begins as this one did, unless somebody else has set it meanwhile. */
export class RunSettings {
  readonly #optimizer: Optimizer;
  readonly #before: Settings;
  #set: Settings = {};
  #resumes = false;

  constructor(optimizer: Optimizer) {
    this.#optimizer = optimizer;
    this.#before = settingsOf(optimizer);
  }

  /** @throws PluginError for a setting that the optimizer does not have */
  set(settings: Settings): void {
    applySettings(this.#optimizer, settings);
    this.#set = {
      ...this.#set,
      ...settingsOf(
        this.#optimizer,
        NAMES.filter(name => settings[name] !== undefined),
      ),
    };
  }

  /** It is being set to what it was when the run was interrupted: that is the run's doing, too. */
  resume(): void {
    this.#resumes = true;
  }

  /** An update begins, with these settings. */
  begin(settings: Settings = {}): void {
    this.#notice();
    this.set(settings);
  }

  #notice(): void {
    if (this.#resumes) this.#set = settingsOf(this.#optimizer);
    this.#resumes = false;
  }

  /** As it was before the run, where it is as the run has left it. */
  putBack(): void {
    if (isDisposed(this.#optimizer)) return;
    this.#notice();
    const now = settingsOf(this.#optimizer);
    const left = NAMES.filter(name => this.#set[name] !== undefined && Object.is(this.#set[name], now[name]));
    this.#set = {};
    for (const name of left) applySettings(this.#optimizer, { [name]: this.#before[name] });
  }
}

function settingsOf(optimizer: Optimizer, names: readonly (typeof NAMES)[number][] = NAMES): Settings {
  const fields: Partial<Record<string, unknown>> = Object.fromEntries(
    names.map(name => [name, name in optimizer ? Reflect.get(optimizer, name) : undefined]),
  );
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'number'));
}

/** SGD makes a tensor of its learning rate, which nobody would dispose of again. */
const isDisposed = (optimizer: Optimizer): boolean =>
  Object.values(optimizer).some(value => value instanceof Tensor && value.isDisposed);
