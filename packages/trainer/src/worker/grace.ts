/** How long somebody who was told to end is waited for. */
export interface Grace {
  /** From now on silence is counted. */
  begin(): void;
  /** Something was heard: the time of silence restarts. */
  heard(): void;
  /** On every exit. */
  stop(): void;
}

/** Calls `late` once, after `begin`, nothing is heard for `ms` milliseconds. */
export function graceTime(ms: number, late: () => void): Grace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    timer = setTimeout(late, ms);
  };
  return {
    begin,
    heard: () => {
      if (timer !== undefined) begin();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
