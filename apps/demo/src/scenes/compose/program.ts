/** The program that trains with the list of this scene. */
import { backendLines, networkLines } from '../../stage/code.ts';
import { filled, type Nested, nested } from './nested.ts';
import { classes, inputs, learningRate, type Settings, unitsOf } from './params.ts';
import { chosenIn } from './story.ts';
import { isPlugin, type Technique } from './technique.ts';

/**
 * `l2({ strength: 0.0001 })`
 * @param inner what it goes around, as code, where it goes around something
 */
export function callOf({ name, kind, options }: Technique, inner = kind === 'wrapper' ? 'layer' : '…'): string {
  if (kind === 'around' || kind === 'choice') return `${name}(${[inner, ...Object.values(options)].join(', ')})`;
  const given = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const all = [...(kind === 'wrapper' ? [inner] : []), ...(given.length ? [`{ ${given.join(', ')} }`] : [])];
  const call = `${name}(${all.join(', ')})`;
  if (kind === 'rate') return `schedule({ learningRate: ${call} })`;
  return kind === 'keepProb' ? `dropout({ keepProb: ${call} })` : call;
}

/** With what it goes around. */
const nestedCallOf = ({ technique, inner }: Nested): string =>
  callOf(technique, inner.length ? inner.map(nestedCallOf).join(', ') : undefined);

/** What its call needs. */
const namesOf = ({ name, kind }: Technique): string[] => [
  name,
  ...(kind === 'rate' ? ['schedule'] : kind === 'keepProb' ? ['dropout'] : []),
];

export function program(settings: Settings): string {
  const { batch, rounds, seed } = settings;
  const chosen = chosenIn(settings);
  const plugins = filled(nested(chosen.filter(isPlugin)));
  const inside = ({ technique, inner }: Nested): Technique[] => [technique, ...inner.flatMap(inside)];
  const used = [...chosen.filter(technique => !isPlugin(technique)), ...plugins.flatMap(inside)];
  const families = [...new Set(used.map(({ family }) => family))].sort();
  const importLine = (family: string): string => {
    const names = new Set(used.filter(technique => technique.family === family).flatMap(namesOf));
    return `import { ${[...names].join(', ')} } from '@keepprob/${family}';\n`;
  };
  const layers = chosen
    .filter(({ kind }) => kind === 'layer' || kind === 'keepProb')
    .map(technique => callOf(technique))
    .join(', ');
  const wrapped = chosen
    .filter(({ kind }) => kind === 'wrapper')
    .reduce((inner, technique) => callOf(technique, inner), 'layer');
  const isWrapped = wrapped !== 'layer';
  return `${backendLines(families.map(family => `@keepprob/${family}`))}
${families.map(importLine).join('')}import { fit } from '@keepprob/trainer';

// normal numbers; the class is the largest of the first ten
const x = tf.randomNormal([${batch}, ${inputs}], 0, 1, 'float32', ${seed + 1});
const y = tf.oneHot(x.slice([0, 0], [${batch}, ${classes}]).argMax(1), ${classes}).toFloat();
${layers ? `\n/** What stands behind each hidden layer. */\nconst behind = () => [${layers}];` : ''}${isWrapped ? `\n/** What goes around each layer with weights. */\nconst around = layer => ${wrapped};` : ''}
${networkLines(unitsOf(settings), 'softmax', seed, layers ? '...behind()' : '', isWrapped ? 'around' : '')}

const { history } = await fit(network(), { x, y }, {
  loss: 'categoricalCrossentropy',
  optimizer: tf.train.adam(${learningRate}),
  plugins: [${plugins.map(nestedCallOf).join(', ')}],
  epochs: ${rounds}, // of one step each
  batchSize: ${batch},
  shuffle: false,
  seed: ${seed},
  trainEvaluation: false,
  progress: false,
});
console.log(\`first: J \${history.cost[0]}\`);
console.log(\`last: J \${history.cost.at(-1)}\`);
`;
}
