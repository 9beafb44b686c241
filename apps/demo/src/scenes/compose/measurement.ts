/** What this scene measures: steps of networks with more and more of the techniques, in turn. */
import * as tf from '@tensorflow/tfjs-core';
import { itemsOf } from '../../stage/params.ts';
import { Held } from '../../stage/worker/held.ts';
import { type Lane, openLane, rowsOf } from './lane.ts';
import type { Settings } from './params.ts';
import type { Report, Round } from './reports.ts';

/** Milliseconds between two reports. */
const reportEvery = 100;

export class Measurement extends Held<Settings> {
  #settings: Settings;
  readonly #report: (report: Report) => void;

  constructor(settings: Settings, report: (report: Report) => void) {
    super();
    this.#settings = settings;
    this.#report = report;
  }

  async run(): Promise<void> {
    const names = itemsOf(this.#settings.techniques);
    const rows = rowsOf(this.#settings);
    const lanes: Lane[] = [];
    try {
      for (let count = 0; count <= names.length; count++)
        lanes.push(openLane(names.slice(0, count), this.#settings, rows));
      await this.#rounds(lanes);
    } finally {
      for (const lane of lanes) lane.dispose();
      tf.dispose([rows.x, rows.y]);
    }
  }

  async #rounds(lanes: readonly Lane[]): Promise<void> {
    let waiting: Round[] = [];
    let last = -Infinity;
    for (let round = 0; round < this.#settings.rounds; round++) {
      await this.steps.meet();
      if (this.signal.aborted) return;
      const found = await roundOf(lanes, round);
      checkFinite(found, round, itemsOf(this.#settings.techniques));
      waiting.push(found);
      if (performance.now() - last < reportEvery) continue;
      last = performance.now();
      this.#report(waiting);
      waiting = [];
    }
    if (waiting.length) this.#report(waiting);
  }

  /** Of the settings that act in mid-run: how many rounds there are. */
  override change({ rounds }: Settings): void {
    this.#settings = { ...this.#settings, rounds };
  }
}

/** Another one begins each time, so that none is always the one after the pause. */
async function roundOf(lanes: readonly Lane[], round: number): Promise<Round> {
  const times: number[] = [];
  const costs: number[] = [];
  for (let i = 0; i < lanes.length; i++) {
    const at = (round + i) % lanes.length;
    const began = performance.now();
    costs[at] = (await lanes[at]?.step(round)) ?? Number.NaN;
    times[at] = performance.now() - began;
  }
  return { times, costs };
}

/** Nothing is learnt any more from there on. */
function checkFinite({ costs }: Round, round: number, names: readonly string[]): void {
  const at = costs.findIndex(cost => !Number.isFinite(cost));
  if (at < 0) return;
  const list = at ? `with ${names.slice(0, at).join(', ')}` : 'without any technique';
  throw new Error(
    `J of the network ${list} is no finite number in step ${round + 1}. A learning rate or a strength is probably too high.`,
  );
}
