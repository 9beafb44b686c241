/** A program for each technique: a small network that trains with it. */
import { callOf, literal } from './literal.mjs';
import { inputs, network, networkWith, rowsOf } from './networks.mjs';

/** What some plugins need of the network. */
const needs = {
  rDrop: { behind: ['dropout({ keepProb: 0.5 })'] },
  layerConstraints: {
    around: more =>
      `tf.layers.dense({ units: 32, activation: 'relu', kernelConstraint: tf.constraints.maxNorm({ maxValue: 3 })${more} })`,
  },
};

/** Calls that do not follow from the options to begin with: of plugins around others, of schedules that take lists. */
const calls = {
  layerConstraints: () => 'layerConstraints(model)',
  layerRates: () => "layerRates({ rates: { '0-Dense': 0.1 } })",
  schedule: () => 'schedule({ learningRate: cosine({ from: 0.01, to: 0, steps: 100 }) })',
  randomApply: ({ probability }) => `randomApply(randomFlip(), ${probability})`,
  oneOf: () => 'oneOf(mixup(0.2), cutmix(1))',
  untilEpoch: ({ epochs }) => `untilEpoch(cutout(2), ${epochs})`,
  fromEpoch: ({ epochs }) => `fromEpoch(cutout(2), ${epochs})`,
  byStep: ({ values }) => `byStep(${literal(values)})`,
  byEpoch: ({ values }) => `byEpoch(${literal(values)})`,
  sequence: () =>
    'sequence([500, linear({ from: 0, to: 0.01, steps: 500 })], [Infinity, cosine({ from: 0.01, to: 0, steps: 10_000 })])',
};

/** What a program takes from which package, besides the technique itself. */
const helpers = {
  augment: ['randomFlip', 'mixup', 'cutmix', 'cutout'],
  dropout: ['dropout'],
  schedules: ['schedule', 'linear', 'cosine'],
  trainer: ['fit'],
};

/** The lines that import what the code calls. */
function importsOf(code, family, name) {
  const called = names => names.filter(known => new RegExp(`(?<![.\\w])${known}\\(`).test(code));
  const packages = [...new Set([family, ...Object.keys(helpers)])].sort();
  return packages.flatMap(from => {
    const own = from === family ? [name] : [];
    const names = [...new Set([...own, ...called(helpers[from] ?? [])])].sort();
    return names.length ? [`import { ${names.join(', ')} } from '@keepprob/${from}';`] : [];
  });
}

/** The program of a technique of this family. */
export function programOf(family, entry) {
  const { kind, layers, plugins } = parts(family, entry);
  const code = [
    `const x = ${inputs[kind]}; // your data`,
    `const y = tf.oneHot(tf.randomUniform([${rowsOf(kind)}], 0, 2, 'int32', 2), 2);`,
    'const model = tf.sequential({ layers: [',
    ...layers.map(layer => `  ${layer},`),
    '] });',
    'const { history } = await fit(model, { x, y }, {',
    "  loss: 'categoricalCrossentropy', optimizer: 'adam', epochs: 2, validationSplit: 0.25, progress: false,",
    ...(plugins ? [`  plugins: [${plugins}],`] : []),
    '});',
    'console.log(history.valLoss);',
  ].join('\n');
  const imports = ["import * as tf from '@tensorflow/tfjs';", ...importsOf(code, family, entry.name)];
  return `${imports.join('\n')}\n\n${code}`;
}

function parts(family, entry) {
  if (entry.kind === 'layer') return networkWith(entry);
  const call = calls[entry.name]?.(entry.options) ?? callOf(entry, entry.options);
  if (entry.kind === 'plugin') {
    const kind = entry.trial.images ? 'images' : 'vectors';
    return { ...network(kind, needs[entry.name]), plugins: call };
  }
  if (family === 'dropout') return network('vectors', { behind: [`dropout({ keepProb: ${call} })`] });
  return { ...network('vectors'), plugins: `schedule({ learningRate: ${call} })` };
}
