/**
 * The forward pass of an update: the synchronous context in which layers draw their masks and add their penalties.
 * `attach` and `fit` open it around the cost function; TF.js has no other way to tell a layer which step it is in.
 */
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import type { Moment } from '../contract.ts';
import { checkCore, thisCore } from '../copies.ts';
import { Draws } from '../random/site.ts';
import { withNumbersOf } from '../random/unseeded.ts';

export class ForwardPass {
  readonly core = thisCore;
  readonly draws = new Draws();
  readonly penalties: Tensor[] = [];
  readonly at: Moment;
  readonly seed: number;
  /** The ordinal of each layer plugin of the model. */
  readonly sites: ReadonlyMap<object, number>;
  /** Whether layer plugins draw although the model is in inference mode, so that batch norm and the like stay in that mode. */
  readonly sampling: boolean;
  /** The update that the pass is for: the same object in every pass of the update. */
  readonly update: object;

  constructor(at: Moment, seed: number, sites: ReadonlyMap<object, number>, { sampling = false, update = {} } = {}) {
    this.update = update;
    this.at = at;
    this.seed = seed;
    this.sites = sites;
    this.sampling = sampling;
  }

  /** Keeps a penalty beyond the tidy of the layer that made it; the run disposes it when J is known. */
  collect(penalty: Tensor): void {
    this.penalties.push(keep(penalty));
  }
}

/** Shared by all copies of this package, whatever their version. */
const PASS = Symbol.for('keepprob.pass');
const realm = globalThis as { [PASS]?: ForwardPass | undefined };

/** @throws PluginError if the run of the pass uses another version of the contract */
export function currentPass(): ForwardPass | undefined {
  const pass = realm[PASS];
  if (pass) checkCore(pass.core, 'the run in progress');
  return pass;
}

/** Runs `f` in this pass: layer plugins draw from it, and `Math.random` returns the numbers of its moment. */
export function withPass<T>(pass: ForwardPass, f: () => T): T {
  const outer = realm[PASS];
  realm[PASS] = pass;
  try {
    return withNumbersOf(pass.at, pass.seed, f);
  } finally {
    realm[PASS] = outer;
  }
}
