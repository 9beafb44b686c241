type Restore = () => void;

/**
 * Makes changes, each of which gives back what undoes it, and returns what undoes all of them, the last one first. If one fails, those before it are
 * undone.
 */
export function inReverse(changes: readonly (() => Restore)[]): Restore {
  const restores: Restore[] = [];
  const undo: Restore = () => {
    for (const restore of [...restores].reverse()) restore();
  };
  try {
    for (const change of changes) restores.push(change());
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}
