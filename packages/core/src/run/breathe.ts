/** Milliseconds of uninterrupted work after which other tasks get a turn: one frame. */
const FRAME = 16;

/** Waits for a new task after the pending ones. Messages and `setImmediate` run at full speed in a hidden tab, where timers fire once a second. */
const nextTask: () => Promise<void> =
  typeof setImmediate === 'function'
    ? () => new Promise(resolve => setImmediate(resolve))
    : () =>
        new Promise(resolve => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            port1.close();
            resolve();
          };
          port2.postMessage(null);
        });

let last = 0;

/**
 * Gives timers, messages and the page a turn, at most once per frame. Merely awaiting a tensor does not.
 * @example
 * const didOthersRun = await breathe();
 * @returns whether they got a turn
 */
export async function breathe(): Promise<boolean> {
  const now = performance.now();
  if (now - last < FRAME) return false;
  await nextTask();
  last = performance.now();
  return true;
}
