/** Milliseconds between two warnings. */
const PAUSE = 10_000;

/** Warns immediately and then at most every ten seconds: during an outage there is an error every 50 ms. */
export function calmly(warn: (message: string) => void): (message: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  let silenced = 0;
  return message => {
    const now = performance.now();
    if (now - last < PAUSE) {
      silenced++;
      return;
    }
    warn(silenced > 0 ? `${message} (${silenced} more since)` : message);
    last = now;
    silenced = 0;
  };
}
