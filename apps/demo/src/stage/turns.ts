/** Work that can wait a little, in order and a piece a task, so that what is pressed and what moves comes in between. */

const due: (() => void)[] = [];
/** Told when nothing is due. They are no work themselves: two of them would wait for each other. */
const waiting: (() => void)[] = [];
let isSet = false;

function set(): void {
  if (isSet) return;
  isSet = true;
  setTimeout(next);
}

function next(): void {
  isSet = false;
  const work = due.shift();
  // before the work, which may fail
  if (due.length || (work && waiting.length)) set();
  if (work) work();
  else for (const resolve of waiting.splice(0)) resolve();
}

/** @returns forgets the work, if it has not been done */
export function later(work: () => void): () => void {
  due.push(work);
  set();
  return () => {
    const at = due.indexOf(work);
    if (at >= 0) due.splice(at, 1);
  };
}

/** Resolves in a task of its own, after all that was due before. */
export const turn = (): Promise<void> => new Promise<void>(resolve => void later(resolve));

/** Resolves in a task of its own, when nothing else is due. */
export const settled = (): Promise<void> =>
  new Promise<void>(resolve => {
    waiting.push(resolve);
    set();
  });

/** Resolves when the browser has drawn what was due, or after two seconds in which it had no time for that. */
export async function idle(): Promise<void> {
  await settled();
  // not every browser tells when it has time
  if ('requestIdleCallback' in globalThis)
    await new Promise<void>(resolve => requestIdleCallback(() => resolve(), { timeout: 2000 }));
}
