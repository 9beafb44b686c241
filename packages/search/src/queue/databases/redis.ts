/** Redis: BullMQ's keys and the blobs under their own prefix. */

import { NAMESPACE, type Outcome, QUEUE, type Queued } from '../queued.ts';
import type { Database } from './ends.ts';

/** Seconds that a blob is kept after it was last requested. */
const KEPT = 60 * 24 * 3600;

export async function redis(name: string, url: string, patience: number): Promise<Database> {
  const [{ Queue, QueueEvents, Worker }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  const first = new Redis(url, { lazyConnect: true, connectTimeout: patience, retryStrategy: () => null });
  let failure: unknown;
  first.on('error', error => {
    failure = error;
  });
  try {
    await first.connect();
    await first.ping();
  } catch (error) {
    throw failure ?? error;
  } finally {
    first.disconnect();
  }
  const connection = { url, maxRetriesPerRequest: null };
  const client = new Redis(url, { maxRetriesPerRequest: null });
  // it reconnects by itself; the queue reports the error
  client.on('error', () => undefined);
  const keyOf = (sha256: string, part: number): string => `${NAMESPACE}:blob:${sha256}:${part}`;
  const prefix = NAMESPACE;
  return {
    name,
    queue: () => new Queue<Queued, Outcome, string>(QUEUE, { connection, prefix }),
    events: () => new QueueEvents(QUEUE, { connection, prefix }),
    worker: (process, options) =>
      new Worker<Queued, Outcome, string>(QUEUE, process, { ...options, connection, prefix }),
    blobs: {
      async size(sha256) {
        let size = 0;
        for (let part = 0; ; part++) {
          const key = keyOf(sha256, part);
          const length = (await client.expire(key, KEPT)) === 1 ? await client.strlen(key) : 0;
          if (length === 0) return size;
          size += length;
        }
      },
      async putPart(sha256, part, bytes) {
        await client.set(keyOf(sha256, part), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 'EX', KEPT);
      },
      getPart: (sha256, part) => client.getBuffer(keyOf(sha256, part)),
    },
    async close() {
      client.disconnect();
    },
  };
}
