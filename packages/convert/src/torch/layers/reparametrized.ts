/** Wrappers whose layer computes with a function of its kernel, as PyTorch parametrizations: the unchanged layer, and a line that applies the function to its weight. */
import type { Role } from '@keepprob/core';
import { isModel } from '@keepprob/core/driver';
import { type DescribedWeight, weightsIn } from '@keepprob/core/layers';
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { innerOf } from '../../network/masks.ts';
import { numberIn } from '../../network/settings.ts';
import { keywords, literal } from '../../python/literal.ts';
import type { Traced } from '../layout.ts';
import { type Floats, permute, reshape, stored } from '../numbers.ts';
import { type Layer, refuse, type Site, type Translate } from '../site.ts';
import type { Change } from '../writer.ts';

/** A weight in PyTorch, and the weight that the wrapper adds for it. */
interface Kernel {
  readonly site: Site;
  readonly weight: DescribedWeight;
  /** The wrapper's own weight for this one. */
  readonly own: LayerVariable | undefined;
  readonly change: Change;
  /** `dense.parametrizations.weight`, where PyTorch stores the tensors from which the weight is computed. */
  readonly place: string;
  /** `self.dense, "weight"` */
  readonly args: string;
}

/** Stores the tensors from which the weight is computed, and returns the line that computes it. */
type Parametrize = (kernel: Kernel) => string;

const matrices: readonly Role[] = ['kernel', 'depthwise', 'recurrent'];

/** @throws ConvertError for a kernel whose units are not one axis in PyTorch */
function unitAxis({ site, weight, change }: Kernel): number {
  const { rank } = weight.weight.read();
  const [unit, ...others] = Array.from({ length: rank }, (_, axis) => axis).filter(
    axis => !weight.fanInAxes.includes(axis),
  );
  const axis = change.axis ?? (change.numbers ? undefined : (same: number) => same);
  if (unit === undefined || others.length || !axis)
    return refuse(site, 'the units of its kernel are not one axis in PyTorch.');
  return axis(unit);
}

const weightNorm: Parametrize = kernel => {
  const { site, weight, own, change, place, args } = kernel;
  if (!own) return refuse(site, 'it has no lengths.');
  site.write.store(`${place}.original0`, own, change);
  site.write.store(`${place}.original1`, weight.weight, change);
  const norm = `${site.write.helper('WeightNorm')}(dim=${unitAxis(kernel)})`;
  return `nn.utils.parametrize.register_parametrization(${args}, ${norm})`;
};

const spectralNorm: Parametrize = kernel => {
  const { site, weight, own, change, place, args } = kernel;
  if (!own) return refuse(site, 'it has no direction.');
  const { write } = site;
  const dim = unitAxis(kernel);
  const { numbers = (w: Floats) => w } = change;
  const u = write.script.numbersOf(own);
  write.store(`${place}.original`, weight.weight, change);
  write.constant(`${place}.0._u`, stored(u));
  write.constant(`${place}.0._v`, stored(leftOf(numbers(write.script.numbersOf(weight.weight)), dim, u)));
  const iterations = numberIn(site.config, 'powerIterations', 1);
  const more = keywords({ n_power_iterations: iterations === 1 ? undefined : literal(iterations), dim: literal(dim) });
  return `nn.utils.parametrizations.spectral_norm(${[args, ...more].join(', ')})`;
};

/** v = Wᵀ u / ‖Wᵀ u‖ for W [units, …], whose units are at axis `dim`. */
function leftOf(kernel: Floats, dim: number, { data: u }: Floats): Floats {
  const { data, shape } = permute(kernel, [dim, ...kernel.shape.map((_, axis) => axis).filter(axis => axis !== dim)]);
  const size = data.length / (shape[0] ?? 1);
  const v = Float64Array.from({ length: size }, (_, j) =>
    u.reduce((sum, value, unit) => sum + value * (data[unit * size + j] ?? 0), 0),
  );
  const norm = Math.hypot(...v) || 1;
  return reshape({ shape: [size], data: Float32Array.from(v, value => value / norm) }, [size]);
}

/** Drops weights in training. */
const dropped =
  (module: string): Parametrize =>
  ({ site, weight, change, place, args }) => {
    site.write.store(`${place}.original`, weight.weight, change);
    return `nn.utils.parametrize.register_parametrization(${args}, ${module}(${literal(numberIn(site.config, 'rate'))}))`;
  };

const rolesIn = ({ config }: Site): readonly Role[] => (Array.isArray(config.roles) ? config.roles : matrices);

function normed(_: Site, weights: readonly DescribedWeight[]): readonly Role[] {
  return weights.some(({ role }) => matrices.includes(role)) ? matrices : ['embedding'];
}

/** The translation of each kind of wrapper, and the weights it acts on. */
const kinds: Readonly<
  Record<string, readonly [Parametrize, (site: Site, weights: readonly DescribedWeight[]) => readonly Role[]]>
> = {
  DropConnect: [dropped('nn.Dropout'), rolesIn],
  EmbeddingDropout: [dropped('nn.Dropout1d'), () => ['embedding']],
  SpectralNorm: [spectralNorm, normed],
  WeightNorm: [weightNorm, () => matrices],
};

/** @param inside translates the layer inside a wrapper */
export function reparametrized(
  inside: (site: Site, inner: Layer) => readonly Traced[],
): Readonly<Record<string, Translate>> {
  const translated =
    ([parametrize, roles]: (typeof kinds)[string]): Translate =>
    site => {
      const inner = innerOf(site.layer);
      if (!inner) return refuse(site, 'it has no layer inside.');
      if (isModel(inner)) return refuse(site, 'it is around a model. Put it around the layers of the model.');
      const { write } = site;
      const weights = weightsIn(inner);
      const chosen = roles(site, weights);
      const kernels = weights.filter(({ role }) => chosen.includes(role));
      const own = site.layer.weights.filter(weight => !inner.weights.includes(weight));
      const lines: string[] = [];
      for (const [i, weight] of kernels.entries()) {
        if (write.wrapped.has(weight.weight)) return refuse(site, 'there is another wrapper around it.');
        write.wrapped.set(weight.weight, (name, change) => {
          const [, module, parameter] = /^(.*)\.(\w+)$/.exec(name) ?? [];
          const place = `${module}.parametrizations.${parameter}`;
          const args = `self.${module}, "${parameter}"`;
          lines.push(parametrize({ site, weight, own: own[i], change, place, args }));
        });
      }
      const before = write.init.length;
      const results = inside(site, inner);
      // only once, even if the layer is called several times
      if (write.init.length > before) write.init.push(...lines);
      for (const { weight } of kernels) write.wrapped.delete(weight);
      return results;
    };
  return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, translated(kind)]));
}
