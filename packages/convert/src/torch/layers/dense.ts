/** Matrix products, embeddings and normalization. */

import { flagIn, numberIn, textIn } from '../../network/settings.ts';
import { call, keywords, literal } from '../../python/literal.ts';
import { activated } from '../activations.ts';
import { filled, permute, stored } from '../numbers.ts';
import { given, inputOf, refuse, result, type Site, shapeOf, type Translate, weightNamed, weightOf } from '../site.ts';

/** Swaps the axes of a matrix. */
const transposed = {
  numbers: (w: Parameters<typeof permute>[0]) => permute(w, [1, 0]),
  axis: (axis: number) => 1 - axis,
};

const noBias = (site: Site): string | undefined => (flagIn(site.config, 'useBias', true) ? undefined : literal(false));

const dense: Translate = site => {
  const kernel = weightOf(site, 'kernel');
  const [inputs = 0, units = 0] = shapeOf(kernel);
  site.write.member(site.name, call('nn.Linear', [`${inputs}`, `${units}`, ...keywords({ bias: noBias(site) })]));
  site.write.weight(`${site.name}.weight`, kernel, transposed);
  const bias = weightNamed(site.layer, 'bias');
  if (bias) site.write.weight(`${site.name}.bias`, bias);
  const { shape } = inputOf(site);
  const expr = `self.${site.name}(${given(site, 'last')})`;
  return result(site, activated(site, textIn(site.config, 'activation'), expr, shape.length, 'last'));
};

const embedding: Translate = site => {
  const ids = given(site, 'last');
  const mask = flagIn(site.config, 'maskZero', false) ? `${site.variable}_mask` : undefined;
  if (mask) site.write.line(`${mask} = ${ids} != 0`);
  const [words = 0, size = 0] = shapeOf(weightOf(site, 'embeddings'));
  site.write.member(site.name, `nn.Embedding(${words}, ${size})`);
  site.write.weight(`${site.name}.weight`, weightOf(site, 'embeddings'));
  const [out] = result(site, `self.${site.name}(${ids}.long())`);
  return [{ ...out, ...(mask && { mask }) }];
};

/** The names of batch norm weights in PyTorch. */
const statistics = { gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_variance: 'running_var' };

const batchNorm: Translate = site => {
  const { shape } = inputOf(site);
  const axis = Array.isArray(site.config.axis) ? Number(site.config.axis[0]) : numberIn(site.config, 'axis', -1);
  if (axis !== -1 && axis !== shape.length - 1)
    return refuse(site, 'PyTorch normalizes channels, the last axis here; this layer normalizes another one.');
  const dims = shape.length - 2;
  if (dims > 3) return refuse(site, `PyTorch has no batch norm of rank ${shape.length}.`);
  const size = shapeOf(weightOf(site, 'moving_mean'));
  const args = { eps: literal(numberIn(site.config, 'epsilon', 1e-3)), momentum: literal(momentumOf(site)) };
  const fixed = ['gamma', 'beta'].filter(name => !weightNamed(site.layer, name));
  site.write.member(
    site.name,
    call(`nn.BatchNorm${Math.max(1, dims)}d`, [`${size[0]}`, ...keywords(args)]),
    ...fixed.map(name => `self.${site.name}.${name === 'gamma' ? 'weight' : 'bias'}.requires_grad_(False)`),
  );
  for (const [name, torch] of Object.entries(statistics)) {
    const weight = weightNamed(site.layer, name);
    if (weight) site.write.weight(`${site.name}.${torch}`, weight);
    else site.write.constant(`${site.name}.${torch}`, stored(filled(size, name === 'gamma' ? 1 : 0)));
  }
  const none = { dtype: 'int64', shape: [], data: new BigInt64Array(1) } as const;
  site.write.constant(`${site.name}.num_batches_tracked`, none);
  site.write.script.notes.add(
    'Batch norm: PyTorch’s momentum is 1 − Keras’; its running variance is unbiased, by a factor n / (n − 1).',
  );
  return result(site, `self.${site.name}(${given(site, 'first')})`, 'first');
};

/** The momentum in PyTorch, which is the weight of the new batch. */
const momentumOf = ({ config }: Site): number => Number((1 - numberIn(config, 'momentum', 0.99)).toFixed(12));

const layerNorm: Translate = site => {
  const { shape } = inputOf(site);
  const axes = [site.config.axis].flat().map(axis => (Number(axis) + shape.length) % shape.length);
  const trailing = axes.every((axis, i) => axis === shape.length - axes.length + i);
  if (!trailing) return refuse(site, 'PyTorch normalizes the last axes; this layer normalizes others.');
  const sizes = axes.map(axis => shape[axis] ?? refuse(site, 'the size of a normalized axis is not known.'));
  const [gamma, beta] = ['gamma', 'beta'].map(name => weightNamed(site.layer, name));
  const affine = gamma || beta ? undefined : literal(false);
  const args = keywords({ eps: literal(numberIn(site.config, 'epsilon', 1e-3)), elementwise_affine: affine });
  const fixed = affine ? [] : [...(gamma ? [] : ['weight']), ...(beta ? [] : ['bias'])];
  site.write.member(
    site.name,
    call('nn.LayerNorm', [sizes.length === 1 ? `${sizes[0]}` : literal(sizes), ...args]),
    ...fixed.map(name => `self.${site.name}.${name}.requires_grad_(False)`),
  );
  for (const [torch, weight, value] of [
    ['weight', gamma, 1],
    ['bias', beta, 0],
  ] as const) {
    if (weight) site.write.weight(`${site.name}.${torch}`, weight);
    else if (!affine) site.write.constant(`${site.name}.${torch}`, stored(filled(sizes, value)));
  }
  return result(site, `self.${site.name}(${given(site, 'last')})`);
};

export const denseLayers: Readonly<Record<string, Translate>> = {
  BatchNormalization: batchNorm,
  Dense: dense,
  Embedding: embedding,
  LayerNormalization: layerNorm,
};
