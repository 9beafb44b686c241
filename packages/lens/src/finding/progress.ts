/** Progress of long-running work. */
import { option, type RequiredOption } from '@keepprob/core';

/** Progress of a call. */
export interface LensEvent {
  /** What is being done, in words. */
  readonly what: string;
  /** Steps done. */
  readonly done: number;
  /** Total number of steps. */
  readonly total: number;
}

/** Receives every event; the lens waits for it. */
export type LensListener = (event: LensEvent) => void | Promise<void>;
/** 'lines', false, or a function that gets every event and may be async. */
export type LensProgress = 'lines' | false | LensListener;

/** Milliseconds between lines; the last line of each part is always printed. */
const QUIET = 1000;

export function tellerOf(owner: string, progress: LensProgress): LensListener {
  if (typeof progress === 'function') return progress;
  if (progress === false) return () => undefined;
  let last = Number.NEGATIVE_INFINITY;
  return ({ what, done, total }) => {
    const now = performance.now();
    if (done < total && now - last < QUIET) return;
    last = now;
    console.log(`${owner}: ${what} ${done}/${total}`);
  };
}

export const progressOption: RequiredOption<LensProgress> = option.either(
  option.oneOf(['lines', false]),
  option.fn<LensListener>(),
);
