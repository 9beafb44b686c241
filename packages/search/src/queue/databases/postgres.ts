/** PostgreSQL: BullMQ's tables and a table of blobs in their own schema. */

import { NAMESPACE, type Outcome, QUEUE, type Queued } from '../queued.ts';
import type { Blobs, Database } from './ends.ts';

/** Spells KEEP; of several clients that start at once, the lock lets one create the table. */
const LOCK = 0x4b454550;
const TABLE = `${NAMESPACE}.keepprob_blob`;
const SET_UP = `BEGIN;
  SELECT pg_advisory_xact_lock(${LOCK});
  CREATE SCHEMA IF NOT EXISTS ${NAMESPACE};
  CREATE TABLE IF NOT EXISTS ${TABLE} (sha256 text, part integer, bytes bytea NOT NULL, used timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (sha256, part));
  DELETE FROM ${TABLE} WHERE used < now() - interval '60 days';
  COMMIT`;

export async function postgres(name: string, connectionString: string, patience: number): Promise<Database> {
  const [{ createPostgresBackend, withBackend }, { default: pg }] = await Promise.all([import('bullmq'), import('pg')]);
  // gives up a frozen connection and tries the next one
  const config = { connectionString, connectionTimeoutMillis: patience, query_timeout: patience, keepAlive: true };
  const pool = new pg.Pool({ ...config, max: 2 });
  // pending queries report the error by rejecting
  pool.on('error', () => undefined);
  try {
    await pool.query(SET_UP);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const { Queue, QueueEvents, Worker } = withBackend(createPostgresBackend);
  const connection = { ...config, schema: NAMESPACE, migrate: true };
  return {
    name,
    queue: () => new Queue<Queued, Outcome, string>(QUEUE, { connection }),
    events: () => new QueueEvents(QUEUE, { connection }),
    worker: (process, options) => new Worker<Queued, Outcome, string>(QUEUE, process, { ...options, connection }),
    blobs: blobsIn(async (sql, values) => (await pool.query(sql, [...values])).rows),
    close: () => pool.end(),
  };
}

const blobsIn = (
  query: (sql: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>,
): Blobs => ({
  async size(sha256) {
    const [row] = await query(
      `WITH seen AS (UPDATE ${TABLE} SET used = now() WHERE sha256 = $1 RETURNING length(bytes)) SELECT coalesce(sum(length), 0) AS size FROM seen`,
      [sha256],
    );
    return Number(row?.size);
  },
  async putPart(sha256, part, bytes) {
    await query(
      `INSERT INTO ${TABLE} (sha256, part, bytes) VALUES ($1, $2, $3) ON CONFLICT (sha256, part) DO UPDATE SET bytes = excluded.bytes`,
      [sha256, part, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)],
    );
  },
  async getPart(sha256, part) {
    const [row] = await query(`SELECT bytes FROM ${TABLE} WHERE sha256 = $1 AND part = $2`, [sha256, part]);
    return row?.bytes instanceof Uint8Array ? row.bytes : null;
  },
});
