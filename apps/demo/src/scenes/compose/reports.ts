/** What this scene's worker reports. */

/**
 * One step of each network: the bare one, the one with the first technique, with the first two, and so on to all. They took turns, so that each saw the same
 * machine.
 */
export interface Round {
  /** Milliseconds. */
  readonly times: readonly number[];
  /** J as minimized. */
  readonly costs: readonly number[];
}

/** Those since the last report. */
export type Report = readonly Round[];
