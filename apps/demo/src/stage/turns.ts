/** Work that can wait a little, in order and a piece a task, so that what is pressed and what moves comes in between. */

const due: (() => void)[] = [];

function next(): void {
  const work = due.shift();
  // before the work, which may fail
  if (due.length) setTimeout(next);
  work?.();
}

/** @returns forgets the work, if it has not been done */
export function later(work: () => void): () => void {
  if (due.push(work) === 1) setTimeout(next);
  return () => {
    const at = due.indexOf(work);
    if (at >= 0) due.splice(at, 1);
  };
}

/** Resolves in a task of its own, after all that was due before. */
export const turn = (): Promise<void> => new Promise<void>(resolve => void later(resolve));

/** Resolves in a task of its own, when nothing else is due. */
export async function settled(): Promise<void> {
  do await turn();
  while (due.length);
}

/** Resolves when the browser has drawn what was due, or after two seconds in which it had no time for that. */
export async function idle(): Promise<void> {
  await settled();
  // not every browser tells when it has time
  if ('requestIdleCallback' in globalThis)
    await new Promise<void>(resolve => requestIdleCallback(() => resolve(), { timeout: 2000 }));
}
