import { DataError } from '@keepprob/core';
import { disposeBatch, type OwnedBatch } from './arrays.ts';
import type { Order, Source } from './order.ts';

/**
 * Splits a stream into epochs of `steps` batches: each epoch begins where the previous one ended, and the stream restarts when it ends. `epoch` then counts the
 * passes through the stream. A stream that can be read only once ends with its last batch.
 */
export function continuing(what: string, source: Source, steps: number): Source {
  let open: AsyncIterator<OwnedBatch> | undefined;
  let pass = 0;
  /** In a resumed run, the number of batches already trained on that are still to be skipped. */
  let behind: number | undefined;

  const next = async (order: Order): Promise<OwnedBatch | undefined> => {
    for (;;) {
      open ??= source.batches({ ...order, epoch: pass })[Symbol.asyncIterator]();
      const { value, done } = await open.next();
      if (!done) return value;
      if (!source.repeatable) return undefined;
      open = undefined;
      pass++;
    }
  };

  return {
    ...source,
    async *batches({ epoch, skip = 0, ...order }) {
      behind ??= epoch * steps + skip;
      for (let step = skip; step < steps; ) {
        const batch = await next({ ...order, epoch });
        if (!batch && step > skip) return;
        if (!batch) throw DataError.of(what, 'at least one batch in every epoch', 'a stream that has ended');
        if (behind > 0 && batch.rows > 0) {
          behind--;
          disposeBatch(batch);
          continue;
        }
        step++;
        yield batch;
        // nothing follows the empty batch that ends a wait
        if (batch.rows === 0) return;
      }
    },
    dispose() {
      Promise.resolve(open?.return?.()).catch(() => undefined);
      source.dispose();
    },
  };
}
