/** What each door may add to an application beside TensorFlow.js, and what each technique may add alone. */
import { families } from './scripts/families.mjs';

const measured = (name, path, more) => ({ name, path, gzip: true, ignore: ['@tensorflow/*'], ...more });

const door = (name, limit, ignore = []) => {
  const [folder, entry = 'index'] = name.split('/');
  return measured(`@keepprob/${name}`, `packages/${folder}/dist/${entry}.js`, {
    ...(limit && { limit }),
    ignore: ['@tensorflow/*', ...ignore],
  });
};

/** A file that a page loads as it is. */
const prebuilt = (file, limit) =>
  measured(`keepprob/dist/browser/${file}`, `packages/cli/dist/browser/${file}`, {
    limit,
    modifyEsbuildConfig: config => ({ ...config, format: 'esm' }),
  });

/** Of one technique alone: a layer brings masks, a wrapper the seam through which its layer sees another kernel. */
const limits = { plugin: '8.5 kB', layer: '13.5 kB', schedule: '4.5 kB' };

export default [
  door('core', '11.2 kB'),
  door('core/layers', '12.5 kB'),
  door('core/stock', '18 kB'),
  door('core/loop', '17 kB'),
  // a family is as large as its techniques are many: each has a limit of its own below
  ...families.map(({ name }) => door(name)),
  door('convert', '31 kB'),
  // HDF5's library is loaded when a file is read
  door('convert/keras', '37 kB', ['h5wasm']),
  door('convert/layers', '12 kB'),
  door('trainer', '45 kB', ['cli-progress']),
  door('trainer/model', '17 kB'),
  door('trainer/node', '24 kB', ['node:*', '@keepprob/convert/layers', '@keepprob/dropout', '@keepprob/l2']),
  door('trainer/table', '6 kB'),
  door('trainer/worker', '46 kB', ['cli-progress']),
  door('lens', '189 kB', ['cli-progress', 'linkedom']),
  door('lens/page', '95 kB', ['linkedom']),
  door('lens/reinitialised', '6 kB'),
  door('lens/statistics', '1.5 kB'),
  door('search', '90 kB', ['cli-progress', 'linkedom', '@observablehq/plot']),
  door('testing', '29 kB'),
  door('kernels/gradients', '10.7 kB'),
  door('kernels/wasm', '121 kB'),
  door('kernels/webgl', '14 kB'),
  door('kernels/webgpu', '14 kB'),
  prebuilt('keepprob.js', '220 kB'),
  prebuilt('keepprob.script.js', '220 kB'),
  ...families.flatMap(({ name, catalogue }) =>
    catalogue.map(entry =>
      measured(`${entry.name} of @keepprob/${name}`, `packages/${name}/dist/index.js`, {
        import: `{ ${entry.name} }`,
        limit: limits[entry.kind],
      }),
    ),
  ),
];
