/** The interface of a database for the engine: a queue, and blobs by SHA-256. */
import type { BulkJobOptions, Job, WorkerOptions } from 'bullmq';
import type { Outcome, Queued } from '../queued.ts';

/** A unit in the queue: the part of BullMQ's `Job` that is used here. */
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

/** Opens the ends of a queue with the driver of the database. */
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
  /** Number of bytes stored under this name. */
  size(sha256: string): Promise<number>;
  putPart(sha256: string, part: number, bytes: Uint8Array): Promise<void>;
  getPart(sha256: string, part: number): Promise<Uint8Array | null>;
}
