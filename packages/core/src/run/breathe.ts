/** Milliseconds of uninterrupted work after which others get a turn: one frame. */
const FRAME = 16;

/** A task behind those that wait. Messages and `setImmediate` go on at full speed in a hidden tab, where timers come once a second. */
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
 * Lets timers, messages and the page have their turn, at most once per frame: awaiting a tensor alone does not.
 * @returns whether it did
 */
export async function breathe(): Promise<boolean> {
  const now = performance.now();
  if (now - last < FRAME) return false;
  await nextTask();
  last = performance.now();
  return true;
}
