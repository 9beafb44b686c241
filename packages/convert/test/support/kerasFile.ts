/** Files of Keras made by hand, from what `keras.saving` writes: a zip with config.json, metadata.json and model.weights.h5. */
import { zipSync } from 'fflate';
import * as h5 from 'h5wasm';

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** `layers/dense/vars/0` → its numbers. */
export type Stored = Readonly<Record<string, Numbers>>;

let count = 0;

/** An HDF5 file with these datasets, and with text at the root or at a group. */
export async function hdf5(
  stored: Stored,
  attributes: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = {},
): Promise<Uint8Array> {
  const { FS } = await h5.ready;
  const name = `made-${count++}.h5`;
  const file = new h5.File(name, 'w');
  for (const [path, { shape, data }] of Object.entries(stored)) {
    const steps = path.split('/');
    groupAt(file, steps.slice(0, -1)).create_dataset({
      name: steps.at(-1) ?? '',
      data,
      shape: [...shape],
      dtype: '<f4',
    });
  }
  for (const [path, texts] of Object.entries(attributes)) {
    const group = groupAt(file, path.split('/').filter(Boolean));
    for (const [key, text] of Object.entries(texts))
      group.create_attribute(key, typeof text === 'string' ? text : [...text]);
  }
  file.close();
  const bytes = FS.readFile(name);
  FS.unlink(name);
  return bytes;
}

function groupAt(file: h5.Group, steps: readonly string[]): h5.Group {
  return steps.reduce<h5.Group>((group, step) => {
    const there = group.keys().includes(step) ? group.get(step) : group.create_group(step);
    if (!(there instanceof h5.Group)) throw new Error(`${step} is no group`);
    return there;
  }, file);
}

const text = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** A .keras file. Keras stores its parts as they are; `level` packs them. */
export async function kerasFile(
  config: unknown,
  stored: Stored,
  version = '3.10.0',
  level: 0 | 6 = 0,
): Promise<Uint8Array> {
  return zipSync(
    {
      'metadata.json': text({ keras_version: version, date_saved: '2026-01-01@00:00:00' }),
      'config.json': text(config),
      'model.weights.h5': await hdf5(stored),
    },
    { level },
  );
}

const policy = {
  module: 'keras',
  class_name: 'DTypePolicy',
  config: { name: 'float32' },
  registered_name: null,
  shared_object_id: 1,
};
const of = (module: string, class_name: string, config: object = {}) => ({
  module: `keras.${module}`,
  class_name,
  config,
  registered_name: null,
});
export const regularizer = (name: string, config: object) => of('regularizers', name, config);
export const constraint = (name: string, config: object) => of('constraints', name, config);

/** A layer as Keras 3 saves it. */
export const layer = (className: string, name: string, config: object = {}, more: object = {}) => ({
  module: 'keras.layers',
  class_name: className,
  config: {
    name,
    trainable: true,
    dtype: policy,
    ...(className === 'Dense' || className.startsWith('Conv')
      ? {
          kernel_initializer: of('initializers', 'GlorotUniform', { seed: null }),
          bias_initializer: of('initializers', 'Zeros'),
        }
      : {}),
    ...config,
  },
  registered_name: null,
  build_config: { input_shape: [null, 4] },
  ...more,
});

export const input = (name: string, shape: readonly (number | null)[], more: object = {}) =>
  layer('InputLayer', name, { batch_shape: [null, ...shape], dtype: 'float32', sparse: false, ragged: false }, more);

export const sequential = (name: string, layers: readonly object[], more: object = {}) => ({
  module: 'keras',
  class_name: 'Sequential',
  config: { name, trainable: true, dtype: policy, layers },
  registered_name: null,
  compile_config: {},
  ...more,
});

/** A tensor as an argument: output `output` of call `call` of a layer. */
export const tensorOf = (name: string, call = 0, output = 0) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 4], dtype: 'float32', keras_history: [name, call, output] },
});

/** Calls of a layer in a graph. */
export const called = (
  name: string,
  ...calls: readonly { readonly args: readonly unknown[]; readonly kwargs?: object }[]
) => ({
  name,
  inbound_nodes: calls.map(({ args, kwargs = { mask: null } }) => ({ args, kwargs })),
});

export const functional = (
  name: string,
  layers: readonly object[],
  inputs: unknown,
  outputs: unknown,
  more: object = {},
) => ({
  module: 'keras.src.models.functional',
  class_name: 'Functional',
  config: { name, trainable: true, layers, input_layers: inputs, output_layers: outputs },
  registered_name: 'Functional',
  ...more,
});
