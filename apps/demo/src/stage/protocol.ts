/** What page and worker tell each other. Plain data: it crosses by structured clone. Each scene adds reports of its own. */

/** From the page. */
export type Command<S> =
  /** Ends the run there is, and starts the one of this number. `base` is the page's address, to fetch data from. */
  | { readonly type: 'start'; readonly run: number; readonly settings: S; readonly base: string }
  | { readonly type: 'change'; readonly settings: S }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'stop' };

/** What the worker computes with. */
export interface Runtime {
  /** TensorFlow.js' name of the backend. */
  readonly backend: string;
  /** Whether @keepprob/kernels compute. */
  readonly kernels: boolean;
  readonly threads: number;
  /** Why it is not the fastest there is. */
  readonly reason?: string | undefined;
}

export type RunEvent<R> =
  | { readonly type: 'loading'; readonly what: string }
  | { readonly type: 'ready'; readonly runtime: Runtime }
  | { readonly type: 'report'; readonly report: R }
  | { readonly type: 'end' }
  | { readonly type: 'failed'; readonly message: string };

/** From the worker: an event of the run of that number. */
export interface Told<R> {
  readonly run: number;
  readonly event: RunEvent<R>;
}
