/** The program that trains with the list of this scene. */
import { backendLines, networkLines } from '../../stage/code.ts';
import { classes, inputs, learningRate, type Settings, unitsOf } from './params.ts';
import { chosenIn } from './story.ts';
import type { Technique } from './technique.ts';

/**
 * `l2({ strength: 0.0001 })`
 * @param inner what a wrapper goes around, as code
 */
export function callOf({ name, kind, options }: Technique, inner = 'layer'): string {
  const given = Object.entries(options).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const all = [...(kind === 'wrapper' ? [inner] : []), ...(given.length ? [`{ ${given.join(', ')} }`] : [])];
  return `${name}(${all.join(', ')})`;
}

export function program(settings: Settings): string {
  const { batch, rounds, seed } = settings;
  const chosen = chosenIn(settings);
  const families = [...new Set(chosen.map(({ family }) => family))].sort();
  const importLine = (family: string): string => {
    const names = chosen.filter(technique => technique.family === family).map(({ name }) => name);
    return `import { ${names.join(', ')} } from '@keepprob/${family}';\n`;
  };
  const calls = (kind: Technique['kind']): string =>
    chosen
      .filter(technique => technique.kind === kind)
      .map(technique => callOf(technique))
      .join(', ');
  const layers = calls('layer');
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
  plugins: [${calls('plugin')}],
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
