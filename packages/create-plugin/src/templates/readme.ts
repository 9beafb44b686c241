import { capital, type Names } from '../names.ts';
import type { Template } from './template.ts';

/** The README, with the table of its formula and options. */
export function readmeOf(names: Names, { what, formula, options, usage, isLayer }: Template): string {
  const { module, factory } = names;
  const from = isLayer ? '' : "import { fit } from '@keepprob/trainer';\n";
  const needs = isLayer ? '' : ' @keepprob/trainer';
  return `# ${module}

${capital(what)}, for TensorFlow.js with [keepprob](https://github.com/keepprob/keepprob#readme).

\`\`\`sh
npm install ${module} @keepprob/core${needs} @tensorflow/tfjs
\`\`\`

\`\`\`js
${from}import * as tf from '@tensorflow/tfjs';
import { ${factory} } from '${module}';

${usage(names)}
\`\`\`
${isLayer ? loading(names) : config(names)}
| factory | what it does | formula |
|---|---|---|
| \`${factory}(…)\` | ${what} | ${formula} |

| option | default | |
|---|---|---|
${options.map(([name, fallback, text]) => `| \`${name}\` | ${fallback} | ${text} |`).join('\n')}

Tested by the [conformance kit of keepprob](https://github.com/keepprob/keepprob/tree/main/packages/testing#readme): \`npm test\`.
`;
}

const loading = ({ module }: Names): string => `
In a config of the command line: \`{ "layer": "${module}", … }\`. In a program, call \`register()\` of \`${module}\` before you load a saved model with it.
`;

const config = ({ module }: Names): string => `
In a config of the command line: \`{ "plugin": "${module}", … }\`.
`;
