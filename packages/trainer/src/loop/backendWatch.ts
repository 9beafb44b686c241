/**
 * What becomes of a run when its backend answers no more: a WebGL context or a GPU device that is lost settles no read, and whoever waits for one waits for
 * ever. A marked seam: read in tfjs-backend-webgl and tfjs-backend-webgpu 4.22, which hold their context and their device in public fields.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';

/**
 * The backend no longer answers: its context or device was lost, it returned no number, its worker does not answer, or its workers keep dying.
 * @example
 * const resumeLater = error => {
 *   if (!(error instanceof BackendError)) throw error;
 *   return undefined; // the page reloads, and `resume: true` goes on from the last checkpoint
 * };
 * await fit(model, { x, y }, options).catch(resumeLater);
 */
export class BackendError extends Error {
  /** 'BackendError'. */
  override readonly name: string = 'BackendError';
}

/** After this many milliseconds without an answer a run that is to end does not wait for the step in progress any longer. */
const PATIENCE = 10_000;

export interface BackendWatch {
  readonly isLost: boolean;
  /** @throws BackendError when the backend is lost first */
  unlessLost<T>(promised: Promise<T>): Promise<T>;
  /** The numbers of a step. @throws BackendError when they do not come within seconds once `until` wants the run to end */
  inTime<T>(promised: Promise<T>, until: AbortSignal): Promise<T>;
  /** On every exit. */
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
  // nobody may be waiting
  lost.catch(() => undefined);
  // one listener for all steps: to add one and to abort it costs a tenth of a millisecond at each step
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

/** Tells why the backend in use is lost, when it is, or has been before; until the signal. */
function onLoss(until: AbortSignal, tell: (why: string) => void): void {
  const { gpgpu, device } = backendInUse();
  const gl = gpgpu?.gl;
  if (gl?.isContextLost()) queueMicrotask(() => tell('webglcontextlost'));
  gl?.canvas?.addEventListener('webglcontextlost', () => tell('webglcontextlost'), { signal: until });
  device?.lost?.then(({ message }) => {
    if (!until.aborted) tell(`GPU device lost${message ? `: ${message}` : ''}`);
  });
}

/** Nothing of one that is not ready yet. */
function backendInUse(): OnGpu {
  try {
    return tf.backend() as OnGpu;
  } catch {
    return {};
  }
}
