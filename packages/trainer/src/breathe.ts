/** Milliseconds of uninterrupted work after which others get a turn: one frame. */
const FRAME = 16;

let last = 0;

/** Lets timers, messages and the page have their turn, at most once per frame: awaiting a tensor alone does not. */
export async function breathe(): Promise<void> {
  const now = performance.now();
  if (now - last < FRAME) return;
  await new Promise<void>(resolve => setTimeout(resolve));
  last = performance.now();
}
