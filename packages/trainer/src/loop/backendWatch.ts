/**
 * Ends a run when its backend no longer answers: once a WebGL context or a GPU device is lost, pending reads never settle, and code that awaits one would wait
 * forever. A marked seam, checked against tfjs-backend-webgl and tfjs-backend-webgpu 4.22, which keep their context and their device in public fields.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';

/**
 * The backend no longer answers: its context or device was lost, it returned no number, its worker does not answer, or its workers keep dying.
 * @example
 * const resumeLater = error => {
 *   if (!(error instanceof BackendError)) throw error;
 *   return undefined; // the page reloads, and `resume: true` continues from the last checkpoint
 * };
 * await fit(model, { x, y }, options).catch(resumeLater);
 */
export class BackendError extends Error {
  /** 'BackendError'. */
  override readonly name: string = 'BackendError';
}

/** A run that is asked to end waits at most this many milliseconds for the step in progress. */
const PATIENCE = 10_000;

export interface BackendWatch {
  readonly isLost: boolean;
  /** @throws BackendError when the backend is lost first */
  unlessLost<T>(promised: Promise<T>): Promise<T>;
  /** The numbers of a step. @throws BackendError if they do not arrive within 10 s after `until` asks the run to end */
  inTime<T>(promised: Promise<T>, until: AbortSignal): Promise<T>;
  /** Called on every exit. */
  stop(): void;
}

/** @param saved the update up to which the run is saved, for the error */
export function watchBackend(saved: () => number | undefined): BackendWatch {
  const watched = new AbortController();
  const name = tf.getBackend();
  let isLost = false;
  const lost = new Promise<never>((_, reject) => {
    onLoss(watched.signal, why => {
      isLost = true;
      reject(new BackendError(messages.backendLost(name, why, saved())));
    });
  });
  // possibly nothing awaits it
  lost.catch(() => undefined);
  // one listener for all steps: adding and aborting one costs a tenth of a millisecond per step
  const ending = new Set<() => void>();
  const heard = new WeakSet<AbortSignal>();
  const hear = (until: AbortSignal): void => {
    if (heard.has(until)) return;
    heard.add(until);
    const end = (): void => {
      for (const wait of ending) wait();
    };
    until.addEventListener('abort', end, { signal: watched.signal });
  };
  return {
    get isLost() {
      return isLost;
    },
    unlessLost: promised => Promise.race([promised, lost]),
    async inTime(promised, until) {
      let [timer, tooLate]: [ReturnType<typeof setTimeout> | undefined, (error: BackendError) => void] = [
        undefined,
        () => {},
      ];
      const late = new Promise<never>((_, reject) => {
        tooLate = reject;
      });
      const wait = (): void => {
        const silent = (): void => tooLate(new BackendError(messages.backendSilent(name, PATIENCE / 1000, saved())));
        timer = setTimeout(silent, PATIENCE);
      };
      ending.add(wait);
      if (until.aborted) wait();
      else hear(until);
      try {
        return await Promise.race([promised, late]);
      } finally {
        ending.delete(wait);
        clearTimeout(timer);
      }
    },
    stop: () => watched.abort(),
  };
}

/** The fields of TF.js' backends on a GPU. */
interface OnGpu {
  readonly gpgpu?: { readonly gl?: Pick<WebGLRenderingContext, 'isContextLost'> & { readonly canvas?: EventTarget } };
  readonly device?: { readonly lost?: Promise<{ readonly message?: string }> };
}

/** Calls `tell` with the reason when the backend in use is lost, or if it already is, until the signal is aborted. */
function onLoss(until: AbortSignal, tell: (why: string) => void): void {
  const { gpgpu, device } = backendInUse();
  const gl = gpgpu?.gl;
  if (gl?.isContextLost()) queueMicrotask(() => tell('webglcontextlost'));
  gl?.canvas?.addEventListener('webglcontextlost', () => tell('webglcontextlost'), { signal: until });
  device?.lost?.then(({ message }) => {
    if (!until.aborted) tell(`GPU device lost${message ? `: ${message}` : ''}`);
  });
}

/** Empty if the backend is not ready yet. */
function backendInUse(): OnGpu {
  try {
    return tf.backend() as OnGpu;
  } catch {
    return {};
  }
}
