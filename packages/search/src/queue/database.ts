/** A database as the engine needs it: a queue, and blobs under their SHA-256. PostgreSQL and Redis differ here and nowhere else. */
import { OptionError } from '@keepprob/core';
import type { BulkJobOptions, Job, WorkerOptions } from 'bullmq';
import { SearchError } from '../errors.ts';
import * as messages from '../messages.ts';
import { postgres } from './postgres.ts';
import type { Outcome, Queued, Stored } from './queued.ts';
import { redis } from './redis.ts';

/** A unit in the queue, as far as it is used here. */
export type QueuedJob = Pick<
  Job<Queued, Outcome, string>,
  | 'id'
  | 'data'
  | 'processedOn'
  | 'finishedOn'
  | 'returnvalue'
  | 'updateData'
  | 'updateProgress'
  | 'remove'
  | 'moveToWait'
>;

interface End {
  waitUntilReady(): Promise<unknown>;
  close(): Promise<unknown>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface UnitQueue extends End {
  addBulk(jobs: { name: string; data: Queued; opts: BulkJobOptions }[]): Promise<unknown>;
  getJob(id: string): Promise<QueuedJob | undefined>;
  getWorkersCount(): Promise<number>;
}

interface UnitEvents extends End {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'completed', listener: (told: { jobId: string; returnvalue: unknown }) => void): unknown;
  on(event: 'failed', listener: (told: { jobId: string }) => void): unknown;
  on(event: 'progress', listener: (told: { jobId: string; data: unknown }) => void): unknown;
}

interface UnitWorker extends End {
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown;
  pause(doNotWaitActive: boolean): Promise<void>;
}

type Processor = (job: QueuedJob, token?: string) => Promise<Outcome>;

/** What opens a queue's ends, on the driver of the database. */
export interface Database {
  /** Its address without user and password. */
  readonly name: string;
  queue(): UnitQueue;
  events(): UnitEvents;
  worker(process: Processor, options: Omit<WorkerOptions, 'connection'>): UnitWorker;
  readonly blobs: Blobs;
  close(): Promise<void>;
}

/** Bytes in parts, since a database moves tens of megabytes at a time at most. */
export interface Blobs {
  /** Bytes that are there under this name. */
  size(sha256: string): Promise<number>;
  putPart(sha256: string, part: number, bytes: Uint8Array): Promise<void>;
  getPart(sha256: string, part: number): Promise<Uint8Array | null>;
}

/** Bytes of a part. */
const PART = 2 ** 23;

/**
 * Connects.
 * @param patience milliseconds that an answer may take
 * @throws OptionError for another address; SearchError `database` where it cannot be reached, or a package is missing
 */
export async function openDatabase(owner: string, db: string, patience: number): Promise<Database> {
  const address = URL.canParse(db) ? new URL(db) : null;
  const kind = address?.protocol.slice(0, -1) ?? '';
  const open = { postgres, postgresql: postgres, redis, rediss: redis }[kind];
  if (!open || !address)
    throw OptionError.of(owner, 'db', 'postgres://user:password@host:5432/database, or redis://host:6379', shown(db));
  const name = `${kind}://${address.host}${address.pathname}`;
  try {
    return await open(name, db, patience);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === 'ERR_MODULE_NOT_FOUND') throw new SearchError('database', messages.driverMissing(kind), error);
    throw new SearchError('database', messages.unreachable(name, message || String(code)), error);
  }
}

/** An address that may hold a password is not shown. */
const shown = (db: string): string => (/[@:]/.test(db) ? `${db.split(':')[0]}:…` : db);

/** Writes what is not there yet. */
export async function putBlob({ blobs }: Database, sha256: string, bytes: Uint8Array): Promise<Stored> {
  if ((await blobs.size(sha256)) !== bytes.length)
    for (let part = 0; part * PART < bytes.length; part++)
      await blobs.putPart(sha256, part, bytes.subarray(part * PART, (part + 1) * PART));
  return { sha256, length: bytes.length };
}

/** @returns null where it is not there whole */
export async function getBlob(
  { blobs }: Database,
  { sha256, length }: Stored,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(length);
  for (let part = 0; part * PART < length; part++) {
    const found = await blobs.getPart(sha256, part);
    if (found?.length !== Math.min(PART, length - part * PART)) return null;
    bytes.set(found, part * PART);
  }
  return bytes;
}
