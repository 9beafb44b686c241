import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { disposeBatch, disposeGiven, type OwnedBatch } from './arrays.ts';
import type { Batches, Opening } from './opening.ts';
import type { Source } from './order.ts';

/**
 * A stream, whose batches are checked one by one.
 * @param what its name in errors
 * @param own makes a checked batch of our own from a given one
 */
export function streamSource(what: string, opening: Opening, own: (given: unknown) => Promise<OwnedBatch>): Source {
  return {
    describe: async () => 'a stream',
    repeatable: opening.repeatable,
    async leaveOut(passes) {
      if (opening.ordersItself) for (let pass = 0; pass < passes; pass++) await opening.open(pass);
    },
    async *batches({ epoch, limit = Infinity, limitBatches = Infinity, skip = 0, until }) {
      const iterator = checked(what, await opening.open(epoch));
      let rows = 0;
      let left = false;
      try {
        for (let i = 0; rows < limit && i < limitBatches; i++) {
          const next = await unlessAborted(Promise.resolve(iterator.next()), until);
          if (next === ABORTED) {
            left = true;
            yield { x: {}, y: {}, rows: 0 };
            return;
          }
          const { value, done } = resultOf(what, next);
          if (done) break;
          const batch = await own(value).finally(() => disposeGiven(value));
          rows += batch.rows;
          if (i < skip) disposeBatch(batch);
          else yield batch;
        }
      } finally {
        const closed = Promise.resolve(iterator.return?.());
        // a stream that is still fetching a batch cannot be closed before the batch arrives
        if (!left) await closed;
        else closed.catch(() => undefined);
      }
      if (rows === 0) throw DataError.of(what, 'at least one batch in every epoch', 'a stream that has ended');
    },
    dispose: () => undefined,
  };
}

function checked(what: string, iterator: Batches | undefined): Batches {
  if (typeof iterator?.next === 'function') return iterator;
  throw DataError.of(what, 'an iterator with next()', show(iterator));
}

function resultOf(what: string, next: unknown): { readonly value?: unknown; readonly done?: unknown } {
  if (typeof next === 'object' && next !== null) return next;
  throw DataError.of(what, 'an iterator whose next() returns { value, done }', show(next));
}

const ABORTED = Symbol('aborted');

/** The promised value, or `ABORTED` if the signal is aborted and the promise does not settle in the same turn. */
async function unlessAborted<T>(promised: Promise<T>, signal: AbortSignal | undefined): Promise<T | typeof ABORTED> {
  if (!signal) return promised;
  let leave = (): void => undefined;
  const aborted = new Promise<typeof ABORTED>(resolve => {
    leave = () => void setTimeout(resolve, 0, ABORTED);
  });
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave);
  try {
    return await Promise.race([promised, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
