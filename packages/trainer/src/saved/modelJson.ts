/** The schema of a model.json. TensorFlow.js checks its layers, and that its weights fit them. */
import { DataError } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import * as v from 'valibot';
import { held, integer, list, text } from './check.ts';
import * as messages from './messages.ts';

/** Bytes per number. Layers have no weights of other types, and TensorFlow.js would count strings one by one, however many a file claims. */
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

const modelJson = v.looseObject(
  {
    modelTopology: v.looseObject({}, 'layers'),
    format: v.exactOptional(v.literal('layers-model', '"layers-model"')),
    weightsManifest: v.array(group, 'a list of { "paths": …, "weights": … }'),
  },
  '{ "modelTopology": …, "weightsManifest": … }',
);

export const EXPECTED = 'a layers model as model.save() of TensorFlow.js writes it';

type Weight = v.InferOutput<typeof weight>;
export type ModelJson = v.InferOutput<typeof modelJson>;
export type Manifest = ModelJson['weightsManifest'];

/** @throws DataError for anything that is not a layers model; for a GraphModel it says what to do */
export function checkedModelJson(what: string, json: unknown): ModelJson {
  if (isTable(json) && isGraph(json)) throw new DataError(messages.graphModel(what));
  return held(what, modelJson, EXPECTED, json);
}

/** @throws DataError for descriptions of weights that layers cannot have */
export const checkedWeights = (what: string, specs: unknown): Weight[] =>
  held(what, list(weight, 'weights', 0), EXPECTED, specs);

/** Converters before 1.3 did not write a format. */
export function isGraph(json: object): boolean {
  const { format, modelTopology }: { format?: unknown; modelTopology?: unknown } = json;
  return format === 'graph-model' || (isTable(modelTopology) && 'node' in modelTopology);
}

/** How many bytes a weight takes in a file. */
export const bytesIn = ({ shape, dtype, quantization }: Weight): number =>
  shape.reduce((a, b) => a * b, 1) * (quantization ? quantized[quantization.dtype] : sizes[dtype]);
