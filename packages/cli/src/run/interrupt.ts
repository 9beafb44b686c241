import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;
type Signal = (typeof signals)[number];

/** Signals within this many milliseconds count as one key press: the terminal sends them to the whole process group, and npx passes them on. */
const ONE_PRESS = 500;

/** The exit code of a process that was ended by this signal. */
export const exitCodeOf = (signal: Signal): number => 128 + constants.signals[signal];

/**
 * Runs `work` with a signal that Ctrl-C (or SIGTERM) aborts, so that it can end cleanly; a second one ends the process at once.
 * @param tell called once, at the first signal
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
