/** A scene's worker: hears the page's commands, runs one training at a time, and tells how it goes. */
import type { Command, RunEvent, Runtime, Told } from '../protocol.ts';
import { chooseBackend } from './backend.ts';
import { messageOf } from './messageOf.ts';

/** One run of a scene. */
export interface Training<S> {
  /** Resolves when the run is over; rejects when it failed. */
  run(): Promise<void>;
  change(settings: S): void;
  pause(): void;
  resume(): void;
  stop(): void;
}

export interface Host<R> {
  /** The page's address, to fetch data from. */
  readonly base: string;
  report(report: R): void;
  /** What is waited for, as the page should say it. */
  loading(what: string): void;
}

/** Gives back what an overtaken start has opened. */
async function discard<S>(training: Training<S>): Promise<void> {
  training.stop();
  await training.run();
}

/** @param open makes what a scene trains, from the settings; called for every run. */
export function serve<S, R>(open: (settings: S, host: Host<R>) => Training<S> | Promise<Training<S>>): void {
  let training: Training<S> | undefined;
  let running: Promise<void> = Promise.resolve();
  /** Settings that came while a run was being opened. */
  let settings: S;
  /** Counts starts and stops: a start that was overtaken while it waited does nothing more. */
  let turn = 0;
  let paused = false;

  async function stop(): Promise<void> {
    turn++;
    training?.stop();
    await running;
    training = undefined;
  }

  async function start(run: number, base: string): Promise<void> {
    paused = false;
    await stop();
    const mine = turn;
    const tell = (event: RunEvent<R>): void => postMessage({ run, event } satisfies Told<R>);
    const loading = (what: string): void => tell({ type: 'loading', what });
    try {
      loading('TensorFlow.js');
      const runtime: Runtime = await chooseBackend();
      const opened = await open(settings, { base, loading, report: report => tell({ type: 'report', report }) });
      if (mine !== turn) return await discard(opened);
      training = opened;
      if (paused) training.pause();
      tell({ type: 'ready', runtime });
      running = training.run().then(
        () => tell({ type: 'end' }),
        error => tell({ type: 'failed', message: messageOf(error) }),
      );
    } catch (error) {
      if (mine === turn) tell({ type: 'failed', message: messageOf(error) });
    }
  }

  addEventListener('message', ({ data }: MessageEvent<Command<S>>) => {
    if (data.type === 'start') {
      settings = data.settings;
      void start(data.run, data.base);
    } else if (data.type === 'change') {
      settings = data.settings;
      training?.change(settings);
    } else if (data.type === 'stop') void stop();
    else {
      paused = data.type === 'pause';
      training?.[data.type]();
    }
  });
}
