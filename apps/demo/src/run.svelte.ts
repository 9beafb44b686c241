/** The state of the page: settings, the run's events, and what the controls do to both. */
import { proxy, type Remote, wrap } from 'comlink';
import { fromHash, names, params, type Settings, toHash } from './lib/params.ts';
import type { Epoch, Picture, TrainingEvent } from './lib/protocol.ts';
import type { Api } from './worker.ts';

export type Phase = 'idle' | 'loading' | 'running' | 'paused' | 'done' | 'failed';

const digitsUrl = new URL('mnist.bin', document.baseURI).href;

export class Run {
  settings: Settings = $state.raw(fromHash(location.hash));
  phase: Phase = $state('idle');
  epochs: readonly Epoch[] = $state.raw([]);
  picture: Picture | undefined = $state.raw();
  backend = $state('');
  failure = $state('');
  readonly latest: Epoch | undefined = $derived(this.epochs.at(-1));
  #worker: Remote<Api> | undefined;
  /** Events of a run that was started over are not listened to. */
  #generation = 0;

  readonly active: boolean = $derived(this.phase === 'loading' || this.phase === 'running' || this.phase === 'paused');

  /** Starts from new weights; a run there is ends. */
  async start(): Promise<void> {
    const generation = ++this.#generation;
    this.phase = 'loading';
    this.epochs = [];
    this.picture = undefined;
    this.failure = '';
    this.#worker ??= wrap<Api>(new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }));
    const listen = (event: TrainingEvent): void => {
      if (generation === this.#generation) this.#take(event);
    };
    try {
      await this.#worker.start(this.settings, digitsUrl, proxy(listen));
    } catch (error) {
      listen({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
    }
  }

  async pause(): Promise<void> {
    this.phase = 'paused';
    await this.#worker?.pause();
  }

  async resume(): Promise<void> {
    this.phase = 'running';
    await this.#worker?.resume();
  }

  async reset(): Promise<void> {
    this.#generation++;
    this.phase = 'idle';
    this.epochs = [];
    this.picture = undefined;
    await this.#worker?.stop();
  }

  /** A change that the run there is can take acts at once; any other starts it over. */
  adopt(change: Partial<Settings>): void {
    const settings = { ...this.settings, ...change };
    const changed = names.filter(name => settings[name] !== this.settings[name]);
    this.settings = settings;
    history.replaceState(null, '', toHash(settings) || location.pathname + location.search);
    if (!this.active || !changed.length) return;
    if (this.phase !== 'loading' && changed.every(name => params[name].live)) void this.#worker?.change(settings);
    else void this.start();
  }

  #take(event: TrainingEvent): void {
    if (event.type === 'ready') {
      this.backend = event.backend;
      this.phase = 'running';
    } else if (event.type === 'picture') this.picture = event.picture;
    else if (event.type === 'epoch') this.epochs = [...this.epochs, event.epoch];
    else if (event.type === 'end') this.phase = 'done';
    else {
      this.phase = 'failed';
      this.failure = event.message;
    }
  }
}
