/**
 * Yields the same items, with `count` of them requested ahead, so that a stream is read while the network computes. On every exit, items that were fetched but not
 * taken are passed to `discard`, and the stream is closed.
 */
export async function* prefetch<T>(
  items: AsyncIterable<T>,
  count: number,
  discard: (item: T) => void,
): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const pending: Promise<IteratorResult<T>>[] = [];
  const ask = (): void => {
    const next = iterator.next();
    // an error waits here until its turn
    next.catch(() => undefined);
    pending.push(next);
  };
  try {
    for (;;) {
      if (pending.length === 0) ask();
      const { value, done } = await (pending.shift() as Promise<IteratorResult<T>>);
      if (done) return;
      while (pending.length < count) ask();
      yield value;
    }
  } finally {
    for (const result of await Promise.allSettled(pending)) {
      if (result.status === 'fulfilled' && !result.value.done) discard(result.value.value);
    }
    await iterator.return?.();
  }
}
