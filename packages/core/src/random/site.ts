/** Sites: integers that keep the random streams of plugins apart. They are never hashes or TF.js' automatic names. */
import type { Moment, RandomKey } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';

/** The site of a layer plugin is its ordinal; a declared stream of a layer adds a multiple of this. */
const LAYER_STREAM = 2 ** 24;
/** Training plugins start here, 256 streams apart. */
const TRAINING = 65_536;
const STREAMS = 256;

export const trainingSite = (position: number): number => TRAINING + STREAMS * position;

const streamIndex = (owner: string, stream: string | undefined, known: readonly string[]): number => {
  if (stream === undefined) return 0;
  const index = known.indexOf(stream);
  if (index < 0) throw new PluginError(messages.streamUnknown(owner, stream, known), { plugin: owner });
  return index + 1;
};

/** Counts the draws at each site within one forward pass. */
export class Draws {
  readonly #counts = new Map<number, number>();

  /** Whether anything was drawn. */
  get any(): boolean {
    return this.#counts.size > 0;
  }

  next(site: number): number {
    const draw = this.#counts.get(site) ?? 0;
    this.#counts.set(site, draw + 1);
    return draw;
  }
}

export interface Keyholder {
  readonly owner: string;
  readonly site: number;
  readonly seed: number;
  readonly streams: readonly string[];
  readonly draws: Draws;
}

/** The same moment with other keys or rows. Values that the host may not know are computed only when they are read. */
const like = (at: Moment, { key, rows }: Pick<Moment, 'key' | 'rows'>): Moment =>
  Object.freeze<Moment>({
    step: at.step,
    phase: at.phase,
    rows,
    get epoch() {
      return at.epoch;
    },
    get learningRate() {
      return at.learningRate;
    },
    key,
  });

/**
 * The moment with another function that makes keys.
 * @example
 * withKey(at, () => ({ seed: 1, step: 0, site: 0, draw: 0 })).key().seed; // 1
 */
export const withKey = (at: Moment, key: Moment['key']): Moment => like(at, { key, rows: at.rows });
export const withRows = (at: Moment, rows: Moment['rows']): Moment => like(at, { key: at.key, rows });

/** `at` for one plugin: its keys come from its own site and seed. */
export function momentOf(at: Moment, { owner, site, seed, streams, draws }: Keyholder): Moment {
  const spacing = site < TRAINING ? LAYER_STREAM : 1;
  return withKey(at, (stream): RandomKey => {
    const place = site + spacing * streamIndex(owner, stream, streams);
    return Object.freeze({ seed, step: at.step, site: place, draw: draws.next(place) });
  });
}
