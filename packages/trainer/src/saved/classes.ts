/** Where the classes of saved models come from, for errors. */
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

/** The package of ours that registers a class, or its door that does. */
export const packageOf = (className: string): string | undefined =>
  Object.keys(ours).find(name => ours[name]?.includes(className));

/** The packages of others that a model names in its metadata, where `keepprob train` has trained it. */
export function packagesIn(metadata: unknown): readonly string[] {
  const named = isTable(metadata) ? metadata.packages : undefined;
  const isName = (name: unknown): name is string => typeof name === 'string' && /^[@\w./-]{1,214}$/.test(name);
  return Array.isArray(named) ? named.filter(isName) : [];
}

/** What TF.js 4.22 says of a class that it does not know, in `deserializeKerasObject`: a marked seam. */
const unknown = /^Unknown ([\w ]+): (.{1,200}?)\. This may be due to/s;

/** The class that TF.js did not know, and what kind of thing it is. */
export function unknownClassIn(message: string): { readonly kind: string; readonly name: string } | undefined {
  const [, kind, name] = unknown.exec(message) ?? [];
  return kind === undefined || name === undefined ? undefined : { kind, name };
}
