/** The packages that classes of saved models come from, for errors. */
import { isTable } from '@keepprob/core/driver';

const ours: Readonly<Record<string, readonly string[]>> = {
  '@keepprob/convert/layers': ['Normalization'],
  '@keepprob/dropout': [
    'KeepprobAlphaDropout',
    'KeepprobConcreteDropout',
    'KeepprobDropBlock2D',
    'KeepprobDropConnect',
    'KeepprobDropPath',
    'KeepprobDropout',
    'KeepprobEmbeddingDropout',
    'KeepprobFeatureAlphaDropout',
    'KeepprobGRU',
    'KeepprobGaussianDropout',
    'KeepprobGaussianNoise',
    'KeepprobLSTM',
    'KeepprobSimpleRNN',
    'KeepprobSpatialDropout1D',
    'KeepprobWordDropout',
    'SpatialDropout2D',
    'SpatialDropout3D',
  ],
  '@keepprob/l2': [
    'ActivityRegularization',
    'KeepprobSpectralNorm',
    'KeepprobWeightNorm',
    'L1',
    'L2',
    'OrthogonalRegularizer',
  ],
};

/** Our package that registers a class, or the entry point of the package that does. */
export const packageOf = (className: string): string | undefined =>
  Object.keys(ours).find(name => ours[name]?.includes(className));

/** The third-party packages that a model names in its metadata, if it was trained by `keepprob train`. */
export function packagesIn(metadata: unknown): readonly string[] {
  const named = isTable(metadata) ? metadata.packages : undefined;
  const isName = (name: unknown): name is string => typeof name === 'string' && /^[@\w./-]{1,214}$/.test(name);
  return Array.isArray(named) ? named.filter(isName) : [];
}

/** The message of TF.js 4.22 for an unknown class, in `deserializeKerasObject`: a marked seam. */
const unknown = /^Unknown ([\w ]+): (.{1,200}?)\. This may be due to/s;

/** The class that TF.js did not know, and its kind, such as a layer. */
export function unknownClassIn(message: string): { readonly kind: string; readonly name: string } | undefined {
  const [, kind, name] = unknown.exec(message) ?? [];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}
