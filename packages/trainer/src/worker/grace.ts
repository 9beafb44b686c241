/** Limits the wait for someone who was asked to end. */
export interface Grace {
  /** Starts counting silence. */
  begin(): void;
  /** Called when something is heard: restarts the count. */
  heard(): void;
  /** Called on every exit. */
  stop(): void;
}

/** Calls `late` if, after `begin`, nothing is heard for `ms` milliseconds. */
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
