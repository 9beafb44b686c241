/** Messages between a coordinator and the processes that compute for it. */
import type { Job, Task, UnitResult } from '../contract.ts';

/** A task whose data are in files. */
export interface StoredTask {
  readonly trial: string;
  readonly table: StoredBlob;
  readonly splits: StoredBlob;
  readonly metric: Task['metric'];
  readonly scale: Task['scale'];
}

/** A file whose name is the SHA-256 of its content. */
export interface StoredBlob {
  readonly folder: string;
  readonly sha256: string;
}

export type ToChild =
  | { readonly type: 'open'; readonly task: StoredTask; readonly beat: number }
  | { readonly type: 'run'; readonly id: number; readonly job: Job }
  | { readonly type: 'abort'; readonly id: number };

export type FromChild =
  | { readonly type: 'beat' }
  | { readonly type: 'ready' }
  /** The task cannot be computed anywhere. */
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'epoch'; readonly id: number; readonly epoch: number; readonly value: number }
  | { readonly type: 'done'; readonly id: number; readonly result: UnitResult }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };
