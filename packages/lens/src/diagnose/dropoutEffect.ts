/** Measures whether dropout helps. */
import { type Difference, differenceOf, type Needed, needed } from '../statistics/difference.ts';
import { type Measured, mean, meanOf } from '../statistics/measured.ts';
import type { Arms, Trained } from './pairedRuns.ts';

/** One measure on the validation rows, with and without dropout. */
export interface Effect {
  /** Without dropout. */
  readonly plain: Measured;
  /** With dropout. */
  readonly dropout: Measured;
  /** dropout − plain, paired by seed and row: above 0 it hurts. */
  readonly difference: Difference;
}

/** The effect of dropout for this architecture and data, measured in pairs of runs. */
export interface DropoutEffect {
  /** Whether dropout helps; 'cannotTell' if the interval includes 0. */
  readonly verdict: 'helps' | 'hurts' | 'cannotTell';
  /** The loss on the validation rows. */
  readonly loss: Effect;
  /** Share of validation rows that the model gets wrong; null if there are no classes. */
  readonly errorRate: Effect | null;
  /** Number of pairs of runs. */
  readonly seeds: number;
  /** Number of validation rows. */
  readonly rows: number;
  /** Number of updates of each run. */
  readonly updates: number;
  /** Whether one measure is decided and the other points the other way. */
  readonly trades: boolean;
  /** How many seeds or rows would decide, for the undecided measure that needs fewest. */
  readonly needed: Needed;
  /** Where dropout was applied, in words. */
  readonly what: string;
  /** Reasons not to rely on the result. */
  readonly warnings: readonly string[];
}

function effectOf(arms: Arms, of: (trained: Trained) => Float32Array, confidence: number): Effect {
  const [plain, dropout] = [arms.plain.map(of), arms.dropout.map(of)];
  const level = (rows: readonly Float32Array[]): Measured => meanOf(rows.map(mean), confidence);
  return {
    plain: level(plain),
    dropout: level(dropout),
    difference: differenceOf(plain, dropout, confidence),
  };
}

/**
 * `helps` if the interval of one measure lies below 0 and the other measure is at most a standard error above 0; `hurts` the other way round. With two
 * measures, each gets half the error probability (Bonferroni), so that `confidence` holds for both together.
 */
export function dropoutEffect(arms: Arms, updates: number, confidence: number): Omit<DropoutEffect, 'warnings'> {
  const classes = [...arms.plain, ...arms.dropout].every(t => t.validationWrong);
  const each = classes ? (1 + confidence) / 2 : confidence;
  const loss = effectOf(arms, t => t.validation, each);
  const errorRate = classes ? effectOf(arms, t => t.validationWrong as Float32Array, each) : null;
  const differences = (errorRate ? [loss, errorRate] : [loss]).map(({ difference }) => difference);
  const better = differences.filter(d => d.interval[1] < 0);
  const worse = differences.filter(d => d.interval[0] > 0);
  const helps = better.length > 0 && differences.every(d => d.value <= d.error);
  const hurts = worse.length > 0 && differences.every(d => d.value >= -d.error);
  const verdict = helps ? 'helps' : hurts ? 'hurts' : 'cannotTell';
  const [seeds, rows] = [arms.plain.length, arms.plain[0]?.validation.length ?? 0];
  const open = differences.filter(d => !better.includes(d) && !worse.includes(d));
  const wants = open.map(d => needed(d, seeds, rows, each));
  const size = (n: Needed): number => n.seeds ?? MANY + (n.rows ?? MANY);
  const [fewest = { seeds: null, rows: null }] = wants.sort((a, b) => size(a) - size(b));
  return {
    verdict,
    trades: !helps && !hurts && better.length + worse.length > 0,
    loss,
    errorRate,
    seeds,
    rows,
    updates,
    needed: fewest,
    what: arms.what,
  };
}

/** More than any number of seeds. */
const MANY = 1e12;
