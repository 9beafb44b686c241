/** What a model.json may hold. Its layers, and its weights against them, are checked by TensorFlow.js. */
import * as v from 'valibot';
import { integer, text } from '../config/schema/expected.ts';
import { sizeOf } from '../data/arrays.ts';

/** Bytes of a number. Layers have no weights of other types, and TensorFlow.js would count strings one by one, however many a file claims. */
const sizes = { float32: 4, int32: 4, bool: 1 } as const;
const quantized = { uint8: 1, uint16: 2, float16: 2 } as const;

const dtypes = v.picklist(['float32', 'int32', 'bool'], 'float32, int32 or bool');
const quantizedDtypes = v.picklist(['uint8', 'uint16', 'float16'], 'uint8, uint16 or float16');

const weight = v.looseObject(
  {
    name: text('a name'),
    shape: v.array(integer(0), 'sizes'),
    dtype: dtypes,
    quantization: v.exactOptional(v.looseObject({ dtype: quantizedDtypes }, '{ "dtype": … }')),
  },
  '{ "name": …, "shape": …, "dtype": … }',
);

const group = v.looseObject(
  { paths: v.array(text('a path'), 'paths'), weights: v.array(weight, 'weights') },
  '{ "paths": …, "weights": … }',
);

export const modelJson = v.looseObject(
  {
    modelTopology: v.looseObject({}, 'layers'),
    format: v.exactOptional(v.literal('layers-model', '"layers-model"; others cannot be trained')),
    weightsManifest: v.array(group, 'a list of { "paths": …, "weights": … }'),
  },
  '{ "modelTopology": …, "weightsManifest": … }',
);

type Weight = v.InferOutput<typeof weight>;
export type Manifest = v.InferOutput<typeof modelJson>['weightsManifest'];

/** How many bytes of a file a weight takes. */
export const bytesIn = ({ shape, dtype, quantization }: Weight): number =>
  sizeOf(shape) * (quantization ? quantized[quantization.dtype] : sizes[dtype]);
