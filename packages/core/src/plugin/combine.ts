/** Combines the hooks of a list of plugins into those of one plugin. `chain` and every driver are built on this. */
import * as tf from '@tensorflow/tfjs-core';
import type {
  Coefficients,
  Hooks,
  Json,
  Logs,
  Moment,
  Snapshot,
  State,
  Step,
  Tensors,
  Verdict,
  Weight,
} from '../contract.ts';
import { shared } from '../copies.ts';
import { PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { withRows } from '../random/site.ts';
import { hasLogs } from './monitor.ts';
import { tidyStep } from './stepResult.ts';

/** The hooks of one plugin in a list, and that plugin's view of a moment. */
export interface Member {
  readonly name: string;
  readonly hooks: Hooks;
  moment(at: Moment): Moment;
}

/** Calls a hook; any error is rethrown as a `PluginError` that names the plugin and the hook. */
function call<T>(member: Member, hook: keyof Hooks, f: (hooks: Required<Hooks>) => T): T {
  try {
    return f(member.hooks as Required<Hooks>);
  } catch (error) {
    throw PluginError.from(error, member.name, hook);
  }
}

const scalar = (what: 'penalty' | 'loss', t: tf.Tensor): tf.Tensor => {
  if (t.rank !== 0) throw new PluginError(messages.scalarExpected(what, t.shape));
  return t;
};

/** The sum over plugins, by path. */
function sumCoefficients(all: readonly Coefficients[]): Coefficients {
  const sum = new Map<string, number>();
  for (const [path, value] of all.flatMap(coefficients => [...coefficients])) {
    sum.set(path, (sum.get(path) ?? 0) + value);
  }
  return sum;
}

/** Checks that every coefficient is finite, not negative, and for a weight that was passed to the plugin. */
function checkCoefficients(coefficients: Coefficients, weights: readonly Weight[]): Coefficients {
  const paths = new Set(weights.map(w => w.path));
  for (const [path, value] of coefficients) {
    if (!paths.has(path)) throw new PluginError(messages.coefficientUnknown(path));
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) throw new PluginError(messages.coefficient(path, value));
  }
  return coefficients;
}

/** The last snapshot of a weight wins, as if the plugins had assigned it one after the other. */
const mergeSnapshots = (snapshots: readonly (Snapshot | void)[]): Snapshot =>
  new Map(snapshots.flatMap(s => [...(s ?? [])]));

/** The first reason to stop; the last learning rate. */
function mergeVerdicts(verdicts: readonly (Verdict | void)[]): Verdict {
  const stop = verdicts.find(v => v?.stop !== undefined)?.stop;
  const learningRate = verdicts.findLast(v => v?.learningRate !== undefined)?.learningRate;
  return { ...(stop !== undefined && { stop }), ...(learningRate !== undefined && { learningRate }) };
}

/** The combined `monitors` hooks. At the end of an epoch, such a list checks each of its plugins separately. */
const ofLists = /* @__PURE__ */ shared('lists', () => new WeakSet<object>());

/** Whether the epoch has the logs that the plugin needs. */
function isAsked(member: Member, logs: Logs): boolean {
  const { monitors } = member.hooks;
  return (
    !monitors ||
    ofLists.has(monitors) ||
    hasLogs(
      logs,
      call(member, 'monitors', h => h.monitors()),
    )
  );
}

type Ways = { readonly [H in keyof Hooks]-?: (members: readonly Member[]) => Required<Hooks>[H] };

/** For each hook, how to combine those of several plugins that all have it. */
const ways: Ways = {
  settings: list => at => Object.assign({}, ...list.map(m => call(m, 'settings', h => h.settings(m.moment(at))))),
  batch: list => (batch, at) => list.reduce((b, m) => call(m, 'batch', h => h.batch(b, m.moment(at))), batch),
  step: list => (inner, batch, weights, at) => {
    const around = (next: Step, m: Member): Step => {
      return (part, rows = at.rows, { gradients = true } = {}) =>
        call(m, 'step', h =>
          tidyStep(() => {
            const result = h.step(next, part, weights, m.moment(withRows(at, rows)));
            // a plugin may need gradients to compute J, but they are not returned
            return gradients ? result : { ...result, gradients: new Map() };
          }),
        );
    };
    return list.reduceRight(around, inner)(batch);
  },
  loss: list => (loss, pass, at) =>
    list.reduce((sum, m) => call(m, 'loss', h => scalar('loss', h.loss(sum, pass, m.moment(at)))), loss),
  penalty: list => (weights, at) =>
    list
      .map(m => call(m, 'penalty', h => scalar('penalty', h.penalty(weights, m.moment(at)))))
      .reduce((sum, p) => tf.add(sum, p)),
  l2: list => (weights, at) =>
    sumCoefficients(list.map(m => call(m, 'l2', h => checkCoefficients(h.l2(weights, m.moment(at)), weights)))),
  weightDecay: list => (weights, at) =>
    sumCoefficients(
      list.map(m => call(m, 'weightDecay', h => checkCoefficients(h.weightDecay(weights, m.moment(at)), weights))),
    ),
  gradients: list => (gradients, weights, at) =>
    list.reduce((g, m) => call(m, 'gradients', h => sameWeights(g, h.gradients(g, weights, m.moment(at)))), gradients),
  beforeUpdate: list => (weights, at) => {
    for (const m of list) call(m, 'beforeUpdate', h => h.beforeUpdate(weights, m.moment(at)));
  },
  afterUpdate: list => (weights, at) => {
    for (const m of list) call(m, 'afterUpdate', h => h.afterUpdate(weights, m.moment(at)));
  },
  evaluate: list => (weights, at) =>
    mergeSnapshots(list.map(m => call(m, 'evaluate', h => h.evaluate(weights, m.moment(at))))),
  monitors: list => {
    const all = (): string[] => list.flatMap(m => [...call(m, 'monitors', h => h.monitors())]);
    ofLists.add(all);
    return all;
  },
  epochEnd: list => (logs, weights, at, evaluated) =>
    mergeVerdicts(
      list
        .filter(m => isAsked(m, logs))
        .map(m => call(m, 'epochEnd', h => h.epochEnd(logs, weights, m.moment(at), evaluated))),
    ),
  end: list => weights => {
    const swaps = (m: Member): boolean => m.hooks.evaluate !== undefined;
    const ranked = [...list.filter(swaps), ...list.filter(m => !swaps(m))];
    return mergeSnapshots(ranked.map(m => call(m, 'end', h => h.end(weights))));
  },
  state: list => () => {
    const states: State[] = [];
    try {
      for (const m of list) states.push(call(m, 'state', h => h.state()));
      return packStates(states);
    } catch (error) {
      tf.dispose(states.map(({ tensors }) => ({ ...tensors })));
      throw error;
    }
  },
  restore: list => state => {
    const states = unpackState(state, list.length);
    for (const [i, m] of list.entries()) call(m, 'restore', h => h.restore(states[i] as State));
  },
  dispose: list => () => disposeAll(list),
};

/** Includes only the hooks that some member has, so that a driver can tell what a list needs. */
export function combine(members: readonly Member[]): Hooks {
  const hooks: Record<string, unknown> = {};
  for (const hook of Object.keys(ways) as (keyof Hooks)[]) {
    const list = members.filter(m => m.hooks[hook] !== undefined);
    if (list.length) hooks[hook] = ways[hook](list);
  }
  return hooks as Hooks;
}

/** Disposes every plugin, even if one of them fails; then throws the first error. */
export function disposeAll(members: readonly Member[]): void {
  const errors: unknown[] = [];
  for (const m of members) {
    try {
      call(m, 'dispose', h => h.dispose?.());
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length) throw errors[0];
}

/** A `gradients` hook may change values, but not shapes or which weights are trained. */
function sameWeights(
  given: ReadonlyMap<string, tf.Tensor>,
  returned: ReadonlyMap<string, tf.Tensor>,
): ReadonlyMap<string, tf.Tensor> {
  for (const [path, tensor] of returned) {
    const before = given.get(path);
    if (!before) throw new PluginError(messages.gradientUnknown(path));
    if (!tf.util.arraysEqual(before.shape, tensor.shape)) {
      throw new PluginError(messages.shapeChanged(path, before.shape, tensor.shape));
    }
  }
  for (const path of given.keys()) if (!returned.has(path)) throw new PluginError(messages.gradientMissing(path));
  return returned;
}

const packStates = (states: readonly State[]): State => ({
  tensors: Object.fromEntries(
    states.flatMap(({ tensors }, i) => Object.entries(tensors).map(([name, t]) => [`${i}/${name}`, t] as const)),
  ),
  values: states.map(s => s.values),
});

function unpackState(state: State, count: number): State[] {
  const { values } = state;
  if (!Array.isArray(values) || values.length !== count) throw new PluginError(messages.stateOfOthers(count));
  return Array.from({ length: count }, (_, i): State => {
    const prefix = `${i}/`;
    const tensors: Tensors = Object.fromEntries(
      Object.entries(state.tensors)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, t]) => [name.slice(prefix.length), t]),
    );
    return { tensors, values: (values[i] ?? null) as Json };
  });
}
