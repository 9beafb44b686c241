/**
 * Trials that are computed at the same time. Units run wherever there is room, but they count in the order of their pairs: the result of a trial, and where
 * it is pruned, does not depend on which process was faster.
 */

import type { FoldAndSeed } from '../choice/confirm.ts';
import type { Job } from '../contract.ts';
import { TrialError } from '../errors.ts';
import { count, endIfOver, type Lane, laneOf, type Wave } from './lane.ts';
import { curveAt, type TrialState } from './ledger.ts';

/**
 * Runs until every trial of the wave has ended, or `signal` aborts, which leaves the trials unfinished.
 * @returns the trials that did not fail on a fresh pair
 * @throws SearchError if the engine or the journal fails
 */
export async function runWave(wave: Wave, trials: readonly TrialState[]): Promise<readonly TrialState[]> {
  const isOfWave = ({ number }: TrialState): boolean => trials.some(trial => trial.number === number);
  const others = wave.ledger.counted.filter(trial => trial.ended !== null && !isOfWave(trial));
  const lanes = trials.map(trial => laneOf(trial, wave.pairs));
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (const lane of lanes) await endIfOver(wave, lane, others);
  for (;;) {
    while (running.size < wave.pool.size && failures.length === 0 && !wave.signal.aborted) {
      const lane = nextLane(lanes);
      if (!lane) break;
      const unit = runUnit(wave, lane, others)
        .then(() => {
          lane.counting = lane.counting.then(() => count(wave, lane, others));
          return lane.counting;
        })
        .then(() => {
          if (lane.isOver) lane.abort.abort();
        })
        .catch(error => void failures.push(error));
      running.add(unit);
      void unit.finally(() => running.delete(unit));
    }
    if (running.size === 0) break;
    await Promise.race(running);
    if (failures.length > 0) for (const lane of lanes) lane.abort.abort();
  }
  if (failures.length > 0) throw failures[0];
  return trials.filter((_, i) => lanes[i]?.failure === null);
}

/** The lane that is farthest behind. */
function nextLane(lanes: readonly Lane[]): Lane | undefined {
  const open = lanes.filter(lane => !lane.isOver && lane.begun < lane.pairs.length);
  return open.reduce<Lane | undefined>(
    (least, lane) => (least && least.known + least.begun <= lane.known + lane.begun ? least : lane),
    undefined,
  );
}

async function runUnit(wave: Wave, lane: Lane, others: readonly TrialState[]): Promise<void> {
  const index = lane.begun++;
  const pair = lane.pairs[index];
  if (!pair) return;
  const job: Job = {
    unit: { trial: lane.trial.number, ...pair },
    values: wave.valuesOf(lane.trial),
  };
  const hopeless = new AbortController();
  const curve: number[] = [];
  const told: Promise<void>[] = [];
  const onEpoch = (epoch: number, value: number): void => {
    const telling = wave.tell({ type: 'epoch', job, epoch, value });
    // awaited below, when the unit is over
    telling.catch(() => undefined);
    told.push(telling);
    if (hopeless.signal.aborted) return;
    curve.push(value);
    if (isHopeless(wave, others, pair, epoch, value)) hopeless.abort();
  };
  const signal = AbortSignal.any([wave.signal, lane.abort.signal, hopeless.signal]);
  try {
    const result = await wave.pool.run(job, { signal, onEpoch });
    // counts as stopped even if it ended before the signal reached it
    hopeless.signal.throwIfAborted();
    lane.outcomes.set(index, { type: 'result', result });
  } catch (error) {
    if (wave.signal.aborted || lane.abort.signal.aborted) return;
    if (hopeless.signal.aborted) lane.outcomes.set(index, { type: 'stopped', stopped: { ...job.unit, curve } });
    else if (error instanceof TrialError) lane.outcomes.set(index, { type: 'failed', reason: error.message });
    else throw error;
  } finally {
    await Promise.all(told);
  }
}

function isHopeless(
  { pruner, ledger, isFresh }: Wave,
  others: readonly TrialState[],
  pair: FoldAndSeed,
  epoch: number,
  value: number,
): boolean {
  if (isFresh || !pruner?.stop) return false;
  const values = others.flatMap(other => curveAt(other, pair)?.[epoch - 1] ?? []);
  return pruner.stop(
    epoch,
    ledger.sign * value,
    values.map(other => ledger.sign * other),
  );
}
