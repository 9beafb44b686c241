import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof signals)[number];

/** Milliseconds in which a signal is the same key pressed once: the terminal sends it to the whole group, and npx hands it on. */
const ONE_PRESS = 500;

/** What a process that ended by this signal exits with. */
export const exitCodeOf = (signal: Signal): number => 128 + constants.signals[signal];

/**
 * Runs `work` with a signal that Ctrl-C (or SIGTERM) aborts, so that it can end cleanly; the second one ends the process at once.
 * @param tell once, when the first one comes
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  tell: () => void,
): Promise<{ readonly result: T; readonly by: Signal | undefined }> {
  const abort = new AbortController();
  let first: { readonly signal: Signal; readonly time: number } | undefined;
  const listen = (signal: Signal): void => {
    if (!first) {
      first = { signal, time: performance.now() };
      tell();
      abort.abort();
    } else if (performance.now() - first.time > ONE_PRESS) {
      leave();
      process.kill(process.pid, signal);
    }
  };
  const leave = (): void => {
    for (const signal of signals) process.off(signal, listen);
  };
  for (const signal of signals) process.on(signal, listen);
  try {
    return { result: await work(abort.signal), by: first?.signal };
  } finally {
    leave();
  }
}
