/** Convolutions: kernels [space…, in, out] become [out, in, space…], and images [N, H, W, C] become [N, C, H, W]. */
import type { LayerVariable } from '@tensorflow/tfjs-layers';
import { flagIn, numbersIn, textIn } from '../../network/settings.ts';
import { call, keywords, literal, short } from '../../python/literal.ts';
import { activated } from '../activations.ts';
import { type Floats, permute, reshape } from '../numbers.ts';
import { given, inputOf, refuse, result, type Site, shapeOf, type Translate, weightNamed, weightOf } from '../site.ts';

interface Window {
  readonly dims: number;
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
}

function windowOf(site: Site, dims: number): Window {
  if (textIn(site.config, 'dataFormat') === 'channelsFirst')
    return refuse(
      site,
      'its data format is channelsFirst; use channelsLast, since the script itself puts channels first.',
    );
  const list = (key: string, fallback: number): number[] => {
    const values = numbersIn(site.config, key, dims);
    const all = values.length === 1 ? values.concat(values, values) : values;
    return values.length ? all.slice(0, dims) : Array.from({ length: dims }, () => fallback);
  };
  return { dims, kernel: list('kernelSize', 1), stride: list('strides', 1), dilation: list('dilationRate', 1) };
}

/** The total padding of "same" if the stride is 1. */
const reach = ({ kernel, dilation }: Window): number[] => kernel.map((k, i) => (k - 1) * (dilation[i] ?? 1));

/** The padding argument of the module, or else the padded input. */
function padded(site: Site, window: Window): { readonly argument?: string; readonly input: string } {
  const input = given(site, 'first');
  const padding = textIn(site.config, 'padding', 'valid');
  const total = reach(window);
  if (padding !== 'same') return { input };
  if (window.stride.every(s => s === 1) && total.every(t => t % 2 === 0))
    return { input, argument: short(total.map(t => t / 2)) };
  const args = [input, ...[window.kernel, window.stride, window.dilation].map(literal)];
  return { input: `${site.write.helper('pad_same')}(${args.join(', ')})` };
}

const plain = (values: readonly number[], usual: number): string | undefined =>
  values.every(value => value === usual) ? undefined : short(values);

const noBias = ({ config }: Site): string | undefined => (flagIn(config, 'useBias', true) ? undefined : literal(false));

function bias(site: Site, name: string): void {
  const weight = weightNamed(site.layer, 'bias');
  if (weight) site.write.weight(`${name}.bias`, weight);
}

const done = (site: Site, expr: string): ReturnType<Translate> => {
  const rank = inputOf(site).shape.length;
  return result(site, activated(site, textIn(site.config, 'activation'), expr, rank, 'first'), 'first');
};

/** [space…, a, b] → [b, a, space…] */
function outFirst(dims: number): { numbers: (w: Floats) => Floats; axis: (axis: number) => number } {
  const order = [dims + 1, dims, ...Array.from({ length: dims }, (_, axis) => axis)];
  return { numbers: w => permute(w, order), axis: axis => order.indexOf(axis) };
}

const convolution =
  (dims: number): Translate =>
  site => {
    const window = windowOf(site, dims);
    const kernel = weightOf(site, 'kernel');
    const { argument, input } = padded(site, window);
    const args = {
      stride: plain(window.stride, 1),
      padding: argument,
      dilation: plain(window.dilation, 1),
      bias: noBias(site),
    };
    const [inputs, filters] = shapeOf(kernel).slice(-2);
    const sizes = [`${inputs}`, `${filters}`, short(window.kernel)];
    site.write.member(site.name, call(`nn.Conv${dims}d`, [...sizes, ...keywords(args)]));
    site.write.weight(`${site.name}.weight`, kernel, outFirst(dims));
    bias(site, site.name);
    return done(site, `self.${site.name}(${input})`);
  };

/** [h, w, in, m] → [in · m, 1, h, w]: one group for each channel. */
function depthwiseWeight(site: Site, name: string, kernel: LayerVariable): readonly [inputs: number, outputs: number] {
  const [h = 1, w = 1, inputs = 1, times = 1] = shapeOf(kernel);
  const numbers = (floats: Floats): Floats => reshape(permute(floats, [2, 3, 0, 1]), [inputs * times, 1, h, w]);
  // height and width become the last two axes
  const axis = times === 1 ? (axis: number) => [2, 3, 0, 1][axis] ?? axis : undefined;
  site.write.weight(`${name}.weight`, kernel, { numbers, axis });
  return [inputs, inputs * times];
}

const depthwiseModule = (window: Window, sizes: readonly number[], argument?: string, biased?: string) =>
  call('nn.Conv2d', [
    ...sizes.map(String),
    short(window.kernel),
    ...keywords({
      stride: plain(window.stride, 1),
      padding: argument,
      dilation: plain(window.dilation, 1),
      groups: `${sizes[0]}`,
      bias: biased,
    }),
  ]);

const depthwise: Translate = site => {
  const window = windowOf(site, 2);
  const { argument, input } = padded(site, window);
  const sizes = depthwiseWeight(site, site.name, weightOf(site, 'depthwise_kernel'));
  site.write.member(site.name, depthwiseModule(window, sizes, argument, noBias(site)));
  bias(site, site.name);
  return done(site, `self.${site.name}(${input})`);
};

const separable: Translate = site => {
  const window = windowOf(site, 2);
  const { argument, input } = padded(site, window);
  const [first, second] = [`${site.name}_depthwise`, `${site.name}_pointwise`];
  const sizes = depthwiseWeight(site, first, weightOf(site, 'depthwise_kernel'));
  const pointwise = weightOf(site, 'pointwise_kernel');
  site.write.member(first, depthwiseModule(window, sizes, argument, literal(false)));
  const [inputs, filters] = shapeOf(pointwise).slice(-2);
  site.write.member(second, call('nn.Conv2d', [`${inputs}`, `${filters}`, '1', ...keywords({ bias: noBias(site) })]));
  site.write.weight(`${second}.weight`, pointwise, outFirst(2));
  bias(site, second);
  return done(site, `self.${second}(self.${first}(${input}))`);
};

/** [space…, out, in] → [in, out, space…], with the result cropped for "same". */
const transposed =
  (dims: number): Translate =>
  site => {
    const window = windowOf(site, dims);
    const kernel = weightOf(site, 'kernel');
    const [filters, inputs] = shapeOf(kernel).slice(-2);
    const more = window.kernel.map((k, i) => Math.max((window.stride[i] ?? 1) - k, 0));
    const args = { stride: plain(window.stride, 1), output_padding: plain(more, 0), bias: noBias(site) };
    const sizes = [`${inputs}`, `${filters}`, short(window.kernel)];
    site.write.member(site.name, call(`nn.ConvTranspose${dims}d`, [...sizes, ...keywords(args)]));
    site.write.weight(`${site.name}.weight`, kernel, outFirst(dims));
    bias(site, site.name);
    const whole = `self.${site.name}(${given(site, 'first')})`;
    const over = window.kernel.map((k, i) => Math.max(k - (window.stride[i] ?? 1), 0));
    if (textIn(site.config, 'padding', 'valid') !== 'same' || over.every(o => o === 0)) return done(site, whole);
    // F.pad starts with the last axis; negative padding crops
    const cut = [...over].reverse().flatMap(o => [-Math.floor(o / 2), -Math.ceil(o / 2)].map(n => n || 0));
    return done(site, `F.pad(${whole}, ${literal(cut)})`);
  };

/** Pooling modules, such as `nn.MaxPool2d`. */
const pooling =
  (kind: 'Max' | 'Avg', dims: number): Translate =>
  site => {
    const size = numbersIn(site.config, 'poolSize', dims);
    const strides = numbersIn(site.config, 'strides', dims);
    const window = { ...windowOf({ ...site, config: { ...site.config, strides } }, dims), kernel: size };
    const name = `nn.${kind}Pool${dims}d`;
    site.write.member(site.name, call(name, [short(size), ...keywords({ stride: String(short(strides)) })]));
    const input = given(site, 'first');
    const self = `self.${site.name}`;
    if (textIn(site.config, 'padding', 'valid') !== 'same') return done(site, `${self}(${input})`);
    const of = [literal(size), literal(strides)];
    if (kind === 'Avg') return done(site, `${site.write.helper('average_same')}(${[input, self, ...of].join(', ')})`);
    const ones = literal(window.kernel.map(() => 1));
    return done(
      site,
      `${self}(${site.write.helper('pad_same')}(${[input, ...of, ones].join(', ')}, value=float("-inf")))`,
    );
  };

/** The mean or maximum over space. */
const whole =
  (kind: 'mean' | 'amax'): Translate =>
  site => {
    const { expr, layout, shape } = inputOf(site);
    const dims = shape.slice(2).map((_, i) => i + (layout === 'first' ? 2 : 1));
    return result(site, `${expr}.${kind}(dim=${dims.length === 1 ? dims[0] : literal(dims)})`);
  };

const upSampling: Translate = site => {
  if (textIn(site.config, 'interpolation', 'nearest') !== 'nearest')
    return refuse(site, 'PyTorch’s bilinear interpolation has other corners. Use interpolation: nearest.');
  const size = numbersIn(site.config, 'size', 2);
  const steps = size.map((n, i) => `.repeat_interleave(${n}, dim=${i + 2})`);
  return result(site, given(site, 'first') + steps.join(''), 'first');
};

/** [[top, bottom], [left, right]], or single numbers for both sides. */
function margins(site: Site, key: string): number[] {
  const value = site.config[key];
  const pairs = [value, value].map((both, i) => (Array.isArray(both) ? both[i] : both));
  const [vertical = [], horizontal = []] = pairs.map(pair =>
    Array.isArray(pair) ? pair.map(Number) : [Number(pair), Number(pair)],
  );
  return [...horizontal, ...vertical];
}

/** `sign` is 1 to pad with zeros, and −1 to crop. */
const margin =
  (key: string, sign: 1 | -1): Translate =>
  site => {
    windowOf(site, 2);
    const sizes = margins(site, key).map(size => sign * size || 0);
    return result(site, `F.pad(${given(site, 'first')}, ${literal(sizes)})`, 'first');
  };

export const convolutions: Readonly<Record<string, Translate>> = {
  AveragePooling1D: pooling('Avg', 1),
  AveragePooling2D: pooling('Avg', 2),
  AveragePooling3D: pooling('Avg', 3),
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv2DTranspose: transposed(2),
  Conv3D: convolution(3),
  Conv3DTranspose: transposed(3),
  Cropping2D: margin('cropping', -1),
  DepthwiseConv2D: depthwise,
  GlobalAveragePooling1D: whole('mean'),
  GlobalAveragePooling2D: whole('mean'),
  GlobalMaxPooling1D: whole('amax'),
  GlobalMaxPooling2D: whole('amax'),
  MaxPooling1D: pooling('Max', 1),
  MaxPooling2D: pooling('Max', 2),
  MaxPooling3D: pooling('Max', 3),
  SeparableConv2D: separable,
  UpSampling2D: upSampling,
  ZeroPadding2D: margin('padding', 1),
};
