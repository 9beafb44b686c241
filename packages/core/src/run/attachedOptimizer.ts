import * as tf from '@tensorflow/tfjs-core';
import type { Moment } from '../contract.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { ownValue } from '../options/ownValue.ts';
import { tidied } from '../plugin/tidied.ts';
import type { CostAndGradients } from './cost.ts';
import { FiniteWatch } from './finite.ts';
import { registeredVariables } from './known.ts';
import type { Run } from './run.ts';

type OptimizerWeights = Awaited<ReturnType<tf.Optimizer['getWeights']>>;
type NamedGradients = Parameters<tf.Optimizer['applyGradients']>[0];

/** The input of an update; J if it is known. */
type Applied = Pick<CostAndGradients, 'gradients' | 'l2'> & Partial<Pick<CostAndGradients, 'cost'>>;

/** The owner of the plugins that an optimizer runs. */
export interface Host {
  /** The current run; each fit may have a new one. */
  readonly run: Run;
  /** @throws PluginError, before the update, if a plugin lacks something it needs */
  check(): void;
}

/**
 * A `tf.Optimizer` that runs plugins around an inner optimizer, and saves, loads and reports its class name like that one.
 *
 * `minimize(f)` makes a whole update: J = f() + Σ penalties, its gradients, and every hook of the update. The two halves can be called separately:
 * `computeGradients(f)` includes f() and the penalties of layers, `applyGradients` adds the gradients of the plugins' penalties and calls the hooks.
 * Variables that are not in the attached model are updated as by the inner optimizer alone.
 */
export class AttachedOptimizer extends tf.Optimizer {
  readonly #inner: tf.Optimizer;
  readonly #host: Host;
  readonly #finite = new FiniteWatch();

  constructor(inner: tf.Optimizer, host: Host) {
    super();
    this.#inner = inner;
    this.#host = host;
  }

  override minimize(f: () => tf.Scalar, returnCost = false, variables?: tf.Variable[]): tf.Scalar | null {
    this.#host.check();
    const { run } = this.#host;
    const at = run.moment('train');
    run.begin(at);
    const { loss, penalty, cost, ...step } = run.gradients(f, this.#trained(variables), at);
    tf.dispose([loss, penalty]);
    let returned: tf.Scalar | null = null;
    try {
      this.#update({ cost, ...step }, at);
      if (returnCost) returned = cost;
    } finally {
      if (!returned) cost.dispose();
    }
    return returned;
  }

  override computeGradients(
    f: () => tf.Scalar,
    variables?: tf.Variable[],
  ): { value: tf.Scalar; grads: tf.NamedTensorMap } {
    this.#host.check();
    const { run } = this.#host;
    const { cost, loss, penalty, gradients } = run.dataGradients(f, this.#trained(variables), run.moment('train'));
    tf.dispose([loss, penalty]);
    const weights = [...run.known.weights, ...run.known.others];
    const named = weights.flatMap(({ path, variable }) => {
      const gradient = gradients.get(path);
      return gradient ? [[variable.name, gradient] as const] : [];
    });
    return { value: cost, grads: Object.fromEntries(named) };
  }

  override applyGradients(given: NamedGradients): void {
    this.#host.check();
    const { run } = this.#host;
    const at = run.moment('train');
    run.begin(at);
    const named = byVariable(given);
    run.known.meet(named.map(([variable]) => variable));
    const step = tidied(
      () => {
        const computed = named.map(([variable, gradient]) => [run.known.of(variable), gradient] as const);
        const updated = computed.map(([weight]) => weight).filter(({ variable }) => run.known.has(variable));
        const { gradients: penalties, l2 } = run.penaltyGradients(updated, at);
        const whole = computed.map(([{ path }, gradient]) => {
          const penalty = penalties.get(path);
          return [path, penalty ? tf.add(gradient, penalty) : tf.clone(gradient)] as const;
        });
        return { gradients: new Map(whole), l2 };
      },
      ({ gradients }) => [...gradients.values()],
    );
    this.#update(step, at);
  }

  /** Always disposes the gradients, even after an error. */
  #update({ cost, ...step }: Applied, at: Moment): void {
    try {
      this.#finite.check({ ...(cost && { cost }), gradients: step.gradients }, at, this.#host.run.known.weights);
    } catch (error) {
      tf.dispose([...step.gradients.values()]);
      throw error;
    }
    this.#host.run.update(step, at);
  }

  /** The variables to train. Stock fit lists a tied weight once for each of its layers; no list means every variable, as in TF.js. */
  #trained(variables: readonly tf.Variable[] | undefined): tf.Variable[] {
    const { known } = this.#host.run;
    const trained = variables ? [...new Set(variables)] : registeredVariables();
    known.meet(trained);
    if (!variables) return trained.filter(variable => !known.has(variable) || known.of(variable).trainable);
    const [first] = trained;
    if (first && !trained.some(variable => known.has(variable))) throw new PluginError(messages.otherModel(first.name));
    return trained;
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

  override getWeights(): Promise<OptimizerWeights> {
    return this.#inner.getWeights();
  }

  override setWeights(weights: OptimizerWeights): Promise<void> {
    return this.#inner.setWeights(weights);
  }

  override dispose(): void {
    this.#inner.dispose();
  }
}

/** @throws PluginError for a name that no variable has */
function byVariable(given: NamedGradients): [tf.Variable, tf.Tensor][] {
  const named = Array.isArray(given) ? given.map(({ name, tensor }) => [name, tensor] as const) : Object.entries(given);
  const { registeredVariables: all } = tf.engine();
  return named.flatMap(([name, gradient]) => {
    // a variable that does not affect the loss has no gradient
    if (!gradient) return [];
    const variable = ownValue(all, name);
    if (!variable) throw new PluginError(messages.gradientOfNothing(name));
    return [[variable, gradient]];
  });
}
