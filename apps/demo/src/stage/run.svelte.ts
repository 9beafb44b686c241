/** The state of a scene's page: settings, the run's events, and what the controls do to both. */
import { Ghosts } from './ghosts.svelte.ts';
import { Link } from './link.ts';
import { Pace } from './pace.ts';
import { fromQuery, namesOf, type Settings, shown, type Table, toQuery } from './params.ts';
import type { RunEvent, Runtime } from './protocol.ts';

export type Phase = 'idle' | 'loading' | 'running' | 'paused' | 'done' | 'failed';

/** What a scene gives the stage to run it. */
export interface Runnable<T extends Table, R> {
  readonly table: T;
  readonly spawn: () => Worker;
  /** Forgets what the last run showed. */
  clear(): void;
  take(report: R): void;
  /** How far the run is, on the axis of the charts. */
  at(): number;
  /** Why nothing can be learnt with these settings; empty where something can. */
  obstacle?(settings: Settings<T>): string;
}

/** A change in mid-run, for the charts and for screen readers. */
export interface Mark {
  readonly at: number;
  readonly text: string;
}

/** Milliseconds without a word from the worker after which the page says so. */
const silence = 15_000;

export class Run<T extends Table, R> {
  settings: Settings<T>;
  /** The settings that the results shown were made with. */
  ran: Settings<T> | undefined = $state.raw();
  /** Settings that a lesson holds fast: only the address sets them. */
  locked: readonly string[] = $state.raw([]);
  /** What the address said that could not be taken. */
  notes: readonly string[] = $state.raw([]);
  marks: readonly Mark[] = $state.raw([]);
  readonly ghosts = new Ghosts<Settings<T>>();
  phase: Phase = $state('idle');
  /** What is waited for. */
  waiting = $state('');
  /** Whether the worker has said nothing for long. */
  silent = $state(false);
  runtime: Runtime | undefined = $state.raw();
  failure = $state('');
  readonly active: boolean = $derived(this.phase === 'loading' || this.phase === 'running' || this.phase === 'paused');
  readonly obstacle: string = $derived.by(() => this.scene.obstacle?.(this.settings) ?? '');
  readonly scene: Runnable<T, R>;
  readonly #link: Link<Settings<T>, R>;
  readonly #write: (query: string) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Reports that wait to be drawn. */
  #reports: R[] = [];
  readonly #pace = new Pace(() => this.#show());
  /** Paused by the page itself, since nobody sees it. */
  #resting = false;

  /** @param write puts the query into the address */
  constructor(scene: Runnable<T, R>, query: string, write: (query: string) => void) {
    const { settings, notes } = fromQuery(scene.table, query);
    this.scene = scene;
    this.settings = $state.raw(settings);
    this.notes = notes;
    this.#write = write;
    this.#link = new Link(scene.spawn, event => this.#take(event));
  }

  /** Starts from new weights; a run there is ends. Nothing begins that cannot learn. */
  start(): void {
    if (this.obstacle) {
      this.reset();
      return;
    }
    this.phase = 'loading';
    this.waiting = '';
    this.failure = '';
    this.#leave();
    this.ran = this.settings;
    this.#listen();
    this.#link.start(this.settings);
  }

  pause(): void {
    this.phase = 'paused';
    this.#show();
    this.#link.send({ type: 'pause' });
    this.#listen();
  }

  resume(): void {
    this.phase = 'running';
    this.#link.send({ type: 'resume' });
    this.#listen();
  }

  reset(): void {
    this.phase = 'idle';
    this.#leave();
    this.ran = undefined;
    this.#link.stop();
    this.#listen();
  }

  /** With a new worker, since the old one may be what hangs. */
  again(): void {
    this.#link.close();
    this.start();
  }

  /** Nobody looks: hold. Somebody does again: go on. */
  rest(hidden: boolean): void {
    if (hidden && this.phase === 'running') {
      this.#resting = true;
      this.pause();
    } else if (!hidden && this.#resting) {
      this.#resting = false;
      if (this.phase === 'paused') this.resume();
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#link.close();
  }

  /** What the address says now. */
  read(query: string): void {
    const { settings, notes } = fromQuery(this.scene.table, query);
    this.#adopt(settings);
    this.notes = notes;
  }

  isLocked(name: string): boolean {
    return this.locked.includes(name);
  }

  /** All settings of the results shown, in words. */
  get caption(): string {
    const { table } = this.scene;
    const settings = this.ran ?? this.settings;
    return namesOf(table)
      .map(name => `${table[name]!.label} ${shown(table[name]!, settings[name])}`)
      .join('; ');
  }

  /** A change that the run there is can take acts at once; any other starts it over. What is locked stays. */
  adopt(change: Partial<Settings<T>>): void {
    const free = Object.entries(change).filter(([name]) => !this.isLocked(name));
    this.#adopt(Object.fromEntries(free) as Partial<Settings<T>>);
  }

  #adopt(change: Partial<Settings<T>>): void {
    const { table } = this.scene;
    const settings = { ...this.settings, ...change };
    const changed = namesOf(table).filter(name => settings[name] !== this.settings[name]);
    if (!changed.length) return;
    this.settings = settings;
    this.notes = [];
    this.#write(toQuery(table, settings));
    if (!this.active) return;
    if (this.phase === 'loading' || !changed.every(name => table[name]?.live)) this.start();
    else this.#change(changed);
  }

  /** Of the run there is, with a mark on its curves. */
  #change(changed: readonly (keyof T & string)[]): void {
    const { table } = this.scene;
    const { settings } = this;
    this.ran = settings;
    const marked = changed.filter(name => !table[name]?.picture);
    this.#link.send({ type: 'change', settings });
    if (!marked.length) return;
    const texts = marked.map(name => `${table[name]!.label} ${shown(table[name]!, settings[name])}`);
    const at = this.scene.at();
    // a slider that is dragged leaves one mark
    this.marks = [...this.marks.filter(mark => mark.at !== at), { at, text: texts.join(', ') }];
  }

  #take(event: RunEvent<R>): void {
    this.#listen();
    if (event.type === 'report') {
      this.#reports.push(event.report);
      // what still comes after a pause is the last for a while
      if (this.phase === 'paused') this.#show();
      else this.#pace.ask();
      return;
    }
    this.#show();
    if (event.type === 'loading') this.waiting = event.what;
    else if (event.type === 'ready') {
      this.runtime = event.runtime;
      if (this.phase === 'loading') this.phase = 'running';
    } else if (event.type === 'end') this.phase = 'done';
    else {
      this.phase = 'failed';
      this.failure = event.message;
    }
    this.#listen();
  }

  #show(): void {
    this.#pace.cancel();
    const reports = this.#reports;
    this.#reports = [];
    for (const report of reports) this.scene.take(report);
  }

  /** Forgets the run there is, but for what its charts keep as that of the run before. */
  #leave(): void {
    if (this.ran) this.ghosts.leave(this.ran);
    this.marks = [];
    this.#reports = [];
    this.scene.clear();
  }

  /** Waits anew for a word from the worker, where one is due. */
  #listen(): void {
    clearTimeout(this.#timer);
    this.silent = false;
    if (this.phase !== 'loading' && this.phase !== 'running') return;
    this.#timer = setTimeout(() => {
      this.silent = true;
    }, silence);
  }
}
