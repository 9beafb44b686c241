/** Penalties and constraints as functions of the script. */
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { Bound, Held } from '../network/terms.ts';
import { literal } from '../python/literal.ts';
import type { Parameter, Script } from './writer.ts';

const norm = `
def norm(w, dim):
    return w.square().sum(dim=dim, keepdim=True).sqrt()
`;

const bounds: Readonly<Record<Bound['kind'], string>> = {
  maxNorm: `
def max_norm(w, most, dim):
    length = norm(w, dim)
    w.mul_(length.clamp(max=most) / (length + 1e-7))
`,
  minMaxNorm: `
def min_max_norm(w, least, most, rate, dim):
    length = norm(w, dim)
    w.mul_((rate * length.clamp(least, most) + (1 - rate) * length) / (length + 1e-7))
`,
  nonNegative: `
def non_negative(w):
    w.clamp_(min=0)
`,
  unitNorm: `
def unit_norm(w, dim):
    w.div_(norm(w, dim) + 1e-7)
`,
};

const pathIn = ({ path }: Parameter): string => `model.${path}`;

const parametersOf = ({ parameters }: Script, { weight }: Held): readonly Parameter[] =>
  parameters.get(weight.weight.read()) ?? [];

/** `1e-4 * model.dense.weight.square().sum()` */
function penalties(script: Script, held: Held): string[] {
  const { l1, l2 } = held;
  return parametersOf(script, held).flatMap(parameter => [
    ...(l1 ? [`${literal(l1)} * ${pathIn(parameter)}.abs().sum()`] : []),
    ...(l2 ? [`${literal(l2)} * ${pathIn(parameter)}.square().sum()`] : []),
  ]);
}

/** `max_norm(model.dense.weight, 3, dim=(1,))` */
function applied(held: Held, bound: Bound, parameter: Parameter): string {
  const path = pathIn(parameter);
  if (bound.kind === 'nonNegative') return `non_negative(${path})`;
  const { axis } = parameter;
  if (!axis) {
    const reason = `its constraint (${bound.kind}) takes norms over axes that the weight does not have in PyTorch.`;
    const { name, layer } = held.weight.place;
    const message = messages.untranslatable('exportTorch', name, layer.getClassName(), reason);
    throw new ConvertError('untranslatable', message, { layer: name, className: layer.getClassName() });
  }
  const rank = held.weight.weight.read().rank;
  const dim = literal(bound.axes.map(given => axis(given < 0 ? given + rank : given)).sort((a, b) => a - b));
  if (bound.kind === 'unitNorm') return `unit_norm(${path}, dim=${dim})`;
  if (bound.kind === 'maxNorm') return `max_norm(${path}, ${literal(bound.most)}, dim=${dim})`;
  const numbers = [bound.least, bound.most, bound.rate].map(literal).join(', ');
  return `min_max_norm(${path}, ${numbers}, dim=${dim})`;
}

function penaltyFunction(terms: readonly string[]): string {
  if (!terms.length) return '';
  return `
def penalty(model):
    """Add this to the loss: loss = criterion(model(x), y) + penalty(model).

    Keras' L2 adds λ Σ w². The weight_decay of torch.optim.SGD adds the gradient of ½ d Σ w², so that
    d = 2 λ is the same there, and there alone: Adam divides such a gradient by its size, and the decay of
    AdamW is another thing (w shrinks by lr · d).
    """
    return (
        ${terms.join('\n        + ')}
    )

`;
}

function constrainFunction(held: readonly Held[], lines: readonly string[]): string {
  if (!lines.length) return '';
  const kinds = new Set(held.flatMap(({ bounds }) => bounds.map(({ kind }) => kind)));
  const needed = [...kinds].map(kind => bounds[kind]);
  const helpers = [...(needed.some(text => text.includes('norm(w')) ? [norm] : []), ...needed];
  return `${helpers.map(text => `${text}\n`).join('')}
@torch.no_grad()
def constrain(model):
    """Call it after every optimizer.step()."""
${lines.map(line => `    ${line}`).join('\n')}

`;
}

function groupsFunction(script: Script, decays: readonly Held[]): string {
  if (!decays.length) return '';
  const groups = new Map<number, string[]>();
  for (const held of decays)
    groups.set(held.decay, [...(groups.get(held.decay) ?? []), ...parametersOf(script, held).map(pathIn)]);
  const list = [...groups].map(
    ([decay, paths]) => `        {"params": [${paths.join(', ')}], "weight_decay": ${literal(decay)}},\n`,
  );
  return `
def parameter_groups(model):
    """For torch.optim.AdamW(parameter_groups(model), lr=…): what decays, and what does not."""
    groups = [
${list.join('')}    ]
    decaying = {id(p) for group in groups for p in group["params"]}
    rest = [p for p in model.parameters() if id(p) not in decaying]
    return [*groups, {"params": rest, "weight_decay": 0.0}]

`;
}

/** The functions `penalty`, `constrain` and `parameter_groups`, if the model needs them. */
export function termFunctions(script: Script, held: readonly Held[]): string {
  const lines = held.flatMap(one =>
    one.bounds.flatMap(bound => parametersOf(script, one).map(parameter => applied(one, bound, parameter))),
  );
  return [
    penaltyFunction(held.flatMap(one => penalties(script, one))),
    constrainFunction(held, lines),
    groupsFunction(
      script,
      held.filter(({ decay }) => decay),
    ),
  ].join('');
}
