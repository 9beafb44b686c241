/** The program that trains with the list of this scene. */
import { backendLines, networkLines } from '../../stage/code.ts';
import { callOf, namesOf, nestedCallOf, wrapperCallOf } from './calls.ts';
import { filled, type Nested, nested } from './nested.ts';
import { classes, inputs, learningRate, type Settings, unitsOf } from './params.ts';
import { chosenIn } from './story.ts';
import { isPlugin, type Technique } from './technique.ts';

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
    .reduce((inner, technique) => wrapperCallOf(technique, inner, 'layer.name'), 'layer');
  const constrained = chosen.find(({ kind }) => kind === 'constraints');
  const more = constrained
    ? `kernelConstraint: tf.constraints.maxNorm({ maxValue: ${constrained.options.maxValue} })`
    : '';
  const isWrapped = wrapped !== 'layer';
  return `${backendLines(families.map(family => `@keepprob/${family}`))}
${families.map(importLine).join('')}import { fit } from '@keepprob/trainer';

// normal numbers; the class is the largest of the first ten
const x = tf.randomNormal([${batch}, ${inputs}], 0, 1, 'float32', ${seed + 1});
const y = tf.oneHot(x.slice([0, 0], [${batch}, ${classes}]).argMax(1), ${classes}).toFloat();
${layers ? `\n/** What stands behind each hidden layer. */\nconst behind = () => [${layers}];` : ''}${isWrapped ? `\n/** What goes around each layer with weights. */\nconst around = layer => ${wrapped};` : ''}
${networkLines(unitsOf(settings), 'softmax', seed, layers ? '...behind()' : '', isWrapped ? 'around' : '', more)}

const model = network();
const { history } = await fit(model, { x, y }, {
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
