import * as tf from '@tensorflow/tfjs-core';
import type { Run } from '../run/run.ts';

type Weights = Awaited<ReturnType<tf.Optimizer['getWeights']>>;

/** A `tf.Optimizer` that runs the plugins around the one inside it, and saves, loads and names itself as that one. */
export class AttachedOptimizer extends tf.Optimizer {
  readonly #inner: tf.Optimizer;
  readonly #run: Run;
  readonly #checkHost: () => void;

  constructor(inner: tf.Optimizer, run: Run, checkHost: () => void) {
    super();
    this.#inner = inner;
    this.#run = run;
    this.#checkHost = checkHost;
  }

  override minimize(f: () => tf.Scalar, returnCost = false, varList?: tf.Variable[]): tf.Scalar | null {
    this.#checkHost();
    const run = this.#run;
    const at = run.moment('train');
    run.begin(at);
    // stock fit lists a tied weight once for each of its layers
    const variables = [...new Set(varList ?? run.weights.filter(w => w.trainable).map(w => w.variable))];
    const { loss, penalty, cost, ...step } = run.gradients(f, variables, at);
    tf.dispose([loss, penalty]);
    let returned: tf.Scalar | null = null;
    try {
      run.update(step, at);
      if (returnCost) returned = cost;
    } finally {
      if (!returned) cost.dispose();
    }
    return returned;
  }

  override applyGradients(gradients: Parameters<tf.Optimizer['applyGradients']>[0]): void {
    this.#inner.applyGradients(gradients);
  }

  override get iterations(): number {
    return this.#inner.iterations;
  }

  override incrementIterations(): void {
    (this.#inner as unknown as { incrementIterations(): void }).incrementIterations();
  }

  override getClassName(): string {
    return this.#inner.getClassName();
  }

  override getConfig(): tf.serialization.ConfigDict {
    return this.#inner.getConfig();
  }

  override saveIterations(): ReturnType<tf.Optimizer['saveIterations']> {
    return this.#inner.saveIterations();
  }

  override getWeights(): Promise<Weights> {
    return this.#inner.getWeights();
  }

  override setWeights(weights: Weights): Promise<void> {
    return this.#inner.setWeights(weights);
  }

  override dispose(): void {
    this.#inner.dispose();
  }
}
