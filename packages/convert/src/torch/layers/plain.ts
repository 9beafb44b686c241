/** Layers without matrices: activations, dropout, reshaping, and merging of inputs. */
import { isSchedule } from '@keepprob/core';
import type { NormalizationOptions } from '../../layers/normalization.ts';
import { statisticsOf } from '../../layers/statistics.ts';
import { flagIn, numberIn, numbersIn, textIn } from '../../network/settings.ts';
import { call, keywords, literal } from '../../python/literal.ts';
import { activated } from '../activations.ts';
import { axisIn, axisOrder, inLayout, type Layout, type Traced } from '../layout.ts';
import { permute, reshape, stored } from '../numbers.ts';
import { given, inputOf, refuse, result, type Site, shapeOf, type Translate, weightOf } from '../site.ts';

/** An elementwise function, which works in any layout. */
const elementwise =
  (expr: (site: Site, x: string) => string): Translate =>
  site => {
    const { expr: x, layout } = inputOf(site);
    return result(site, expr(site, x), layout);
  };

/** A module with one input, the same in any layout. */
const module = (name: string, args: (site: Site) => readonly string[]): Translate =>
  elementwise((site, x) => {
    site.write.member(site.name, call(name, args(site)));
    return `self.${site.name}(${x})`;
  });

const rate = ({ config }: Site): string => literal(numberIn(config, 'rate'));

function checkNoiseShape(site: Site): void {
  if (Array.isArray(site.config.noiseShape)) refuse(site, 'PyTorch has no masks of a given shape (noiseShape).');
}

const dropout = (name: string): Translate =>
  module(name, site => {
    checkNoiseShape(site);
    return [rate(site)];
  });

/** Dropout of whole channels, which PyTorch expects at axis 1. */
const spatial =
  (dims: number): Translate =>
  site => {
    if (textIn(site.config, 'dataFormat') === 'channelsFirst') return refuse(site, 'its data format is channelsFirst.');
    site.write.member(site.name, `nn.Dropout${dims}d(${rate(site)})`);
    return result(site, `self.${site.name}(${given(site, 'first')})`, 'first');
  };

const ours = (name: 'GaussianDropout' | 'GaussianNoise' | 'DropPath', args: (site: Site) => string[]): Translate =>
  elementwise((site, x) => {
    site.write.member(site.name, call(site.write.helper(name), args(site)));
    return `self.${site.name}(${x})`;
  });

const activation: Translate = site => {
  const { expr, layout, shape } = inputOf(site);
  return result(site, activated(site, textIn(site.config, 'activation'), expr, shape.length, layout), layout);
};

const softmax: Translate = site => {
  if (site.mask !== undefined)
    return refuse(
      site,
      'TensorFlow.js gives it the mask of a layer before it, for the shape of its input. Use the activation softmax.',
    );
  const { expr, layout, shape } = inputOf(site);
  const axis = axisIn(numberIn(site.config, 'axis', -1), shape.length, layout);
  return result(site, `F.softmax(${expr}, dim=${axis})`, layout);
};

/** The slopes have the shape of the input without its batch axis, so the layout of TensorFlow.js is used. */
const prelu: Translate = site => {
  const alpha = weightOf(site, 'alpha');
  const shape = [1, ...shapeOf(alpha)];
  site.write.member(`${site.name}_alpha`, `nn.Parameter(torch.empty(${literal(shape)}))`);
  site.write.weight(`${site.name}_alpha`, alpha, { numbers: w => reshape(w, shape), axis: axis => axis + 1 });
  const x = given(site, 'last');
  return result(site, `torch.where(${x} > 0, ${x}, self.${site.name}_alpha * ${x})`);
};

const relu = elementwise((site, x) => {
  const { maxValue } = site.config;
  return typeof maxValue === 'number' ? `torch.clamp(${x}, 0, ${literal(maxValue)})` : `F.relu(${x})`;
});

/** All inputs in one layout: their own if they have the same one. */
function together(site: Site): { readonly exprs: readonly string[]; readonly layout: Layout; readonly rank: number } {
  const [first, ...others] = site.inputs;
  if (!first) return refuse(site, 'it has no inputs.');
  const rank = first.shape.length;
  if (others.some(({ shape }) => shape.length !== rank)) return refuse(site, 'its inputs have different ranks.');
  const layout = others.every(other => other.layout === first.layout) ? first.layout : 'last';
  return { exprs: site.inputs.map(input => inLayout(input, layout)), layout, rank };
}

const merged =
  (join: (exprs: readonly string[]) => string): Translate =>
  site => {
    const { exprs, layout } = together(site);
    return result(site, join(exprs), layout);
  };

const concatenate: Translate = site => {
  const { exprs, layout, rank } = together(site);
  const dim = axisIn(numberIn(site.config, 'axis', -1), rank, layout);
  return result(site, `torch.cat([${exprs.join(', ')}], dim=${dim})`, layout);
};

const pairwise =
  (name: string) =>
  (exprs: readonly string[]): string =>
    exprs.reduce((so, expr) => `${name}(${so}, ${expr})`);

/** Flattens in the order of TensorFlow.js, so channels are moved to the end first. */
const flatten: Translate = site => {
  if (textIn(site.config, 'dataFormat') === 'channelsFirst') return refuse(site, 'its data format is channelsFirst.');
  const x = given(site, 'last');
  return result(site, inputOf(site).shape.length < 3 ? x : `${x}.flatten(1)`);
};

const known = ({ shape }: Pick<Traced, 'shape'>): number[] => shape.slice(1).map(size => size ?? -1);

const reshaped: Translate = site => {
  const [shape = []] = site.shapes;
  const sizes = known({ shape });
  const target = sizes.filter(size => size === -1).length > 1 ? numbersIn(site.config, 'targetShape') : sizes;
  return result(site, `${given(site, 'last')}.reshape(-1, ${target.join(', ')})`);
};

const permuted: Translate = site =>
  result(site, `${given(site, 'last')}.permute(${[0, ...numbersIn(site.config, 'dims')].join(', ')})`);

const repeat: Translate = site =>
  result(site, `${given(site, 'last')}.unsqueeze(1).repeat(1, ${numberIn(site.config, 'n')}, 1)`);

/** One number for all elements, or one for each index of the last axis. */
const rescaling: Translate = site => {
  const { scale = 1, offset = 0 } = site.config;
  const { layout } = inputOf(site);
  const at = Array.isArray(scale) || Array.isArray(offset) ? 'last' : layout;
  const x = given(site, at);
  const number = (value: unknown): string =>
    Array.isArray(value) ? `torch.tensor(${literal(value)}, device=${x}.device)` : literal(Number(value));
  return result(site, `${x} * ${number(scale)}${offset ? ` + ${number(offset)}` : ''}`, at);
};

/** Images stay channels first: the numbers are permuted, not the images. */
const normalization: Translate = site => {
  const { expr, layout, shape } = inputOf(site);
  const { axis, mean, variance, invert } = site.config as Required<NormalizationOptions>;
  const statistics = statisticsOf({ axis, mean, variance }, shape.length);
  const order = axisOrder(shape.length, layout);
  const sizes = order.map(at => statistics.shape[at] ?? 1);
  const args = [literal(sizes), ...keywords({ invert: invert ? literal(true) : undefined })];
  site.write.member(site.name, call(site.write.helper('Normalization'), args));
  for (const name of ['mean', 'variance'] as const) {
    const numbers = { shape: statistics.shape, data: Float32Array.from(statistics[name]) };
    site.write.constant(`${site.name}.${name}`, stored(permute(numbers, order)));
  }
  return result(site, `self.${site.name}(${expr})`, layout);
};

/** Time steps in which all features equal the mask value do not count, and become 0. */
const masking: Translate = site => {
  const x = given(site, 'last');
  const mask = `${site.variable}_mask`;
  site.write.line(`${mask} = (${x} != ${literal(numberIn(site.config, 'maskValue'))}).any(dim=-1)`);
  const [out] = result(site, `${x} * ${mask}.unsqueeze(-1)`);
  return [{ ...out, mask }];
};

/** With a learned rate it has its own penalty; with a fixed rate it is plain dropout. */
const concreteDropout: Translate = site => {
  const { fixedKeepProb: kept } = site.config;
  const last = isSchedule(kept) ? kept.values.at(-1) : kept;
  if (typeof last !== 'number')
    return refuse(site, 'PyTorch has no dropout that learns its rate. Fix it with setKeepProb(model, …) first.');
  return dropout('nn.Dropout')({ ...site, config: { ...site.config, rate: Number((1 - last).toFixed(12)) } });
};

const wordDropout: Translate = site => {
  const { maskId, unknownId } = site.config;
  const args = [rate(site), literal(Number(unknownId)), literal(typeof maskId === 'number' ? maskId : null)];
  site.write.member(site.name, call(site.write.helper('WordDropout'), args));
  return result(site, `self.${site.name}(${given(site, 'last')})`);
};

const dropBlock: Translate = site => {
  if (textIn(site.config, 'dataFormat') === 'channelsFirst') return refuse(site, 'its data format is channelsFirst.');
  const args = [rate(site), literal(numberIn(site.config, 'blockSize', 7))];
  site.write.member(site.name, call(site.write.helper('DropBlock'), args));
  return result(site, `self.${site.name}(${given(site, 'first')})`, 'first');
};

export const plainLayers: Readonly<Record<string, Translate>> = {
  Activation: activation,
  Add: merged(exprs => exprs.join(' + ')),
  AlphaDropout: dropout('nn.AlphaDropout'),
  Average: merged(exprs => `(${exprs.join(' + ')}) / ${exprs.length}`),
  Concatenate: concatenate,
  DropPath: ours('DropPath', site => [
    rate(site),
    ...keywords({ scale: flagIn(site.config, 'scaleByKeep', true) ? undefined : 'False' }),
  ]),
  DropBlock2D: dropBlock,
  Dropout: dropout('nn.Dropout'),
  ELU: elementwise(({ config }, x) => `F.elu(${x}, alpha=${literal(numberIn(config, 'alpha', 1))})`),
  FeatureAlphaDropout: site => {
    site.write.member(site.name, `nn.FeatureAlphaDropout(${rate(site)})`);
    return result(site, `self.${site.name}(${given(site, 'first')})`, 'first');
  },
  Flatten: flatten,
  GaussianDropout: ours('GaussianDropout', site => [rate(site)]),
  GaussianNoise: ours('GaussianNoise', ({ config }) => [literal(numberIn(config, 'stddev'))]),
  KeepprobConcreteDropout: concreteDropout,
  LeakyReLU: elementwise(({ config }, x) => `F.leaky_relu(${x}, ${literal(numberIn(config, 'alpha', 0.3))})`),
  Masking: masking,
  Maximum: merged(pairwise('torch.maximum')),
  Minimum: merged(pairwise('torch.minimum')),
  Multiply: merged(exprs => exprs.join(' * ')),
  Normalization: normalization,
  PReLU: prelu,
  Permute: permuted,
  ReLU: relu,
  RepeatVector: repeat,
  Rescaling: rescaling,
  Reshape: reshaped,
  Softmax: softmax,
  SpatialDropout1D: spatial(1),
  SpatialDropout2D: spatial(2),
  SpatialDropout3D: spatial(3),
  ThresholdedReLU: elementwise(({ config }, x) => `F.threshold(${x}, ${literal(numberIn(config, 'theta', 1))}, 0.0)`),
  WordDropout: wordDropout,
};
