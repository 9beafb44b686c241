/** The command line: `npm create @keepprob/plugin smooth-l1 -- --kind layer`. It asks nothing. */
import { parseArgs } from 'node:util';
import { type CreatedPlugin, createPlugin } from './createPlugin.ts';
import * as messages from './messages.ts';
import { isKind, kinds } from './templates/templates.ts';

const help = `Usage: npm create @keepprob/plugin [name] -- [options]

Begins a package with a regularization plugin: source, conformance test, README, build.

  --kind <kind>   training: a penalty on weights (default); layer: noise on activations;
                  step: around the step, for more than one pass
  --out <folder>  where it goes (default: keepprob-plugin-<name>)
  --yes           asks nothing, as always
  --help

Without a name it is called my-plugin.
`;

const options = {
  kind: { type: 'string', default: 'training' },
  out: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs a command line, and gives the exit code: 0 written, 2 the command line is wrong. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) {
      console.log(help);
      return 0;
    }
    const { kind, out } = values;
    if (!isKind(kind)) throw new Error(messages.badKind(kind, kinds));
    const [name = 'my-plugin'] = positionals;
    console.log(told(await createPlugin({ name, kind, ...(out !== undefined && { folder: out }) })));
    return 0;
  } catch (error) {
    console.error(`create-plugin: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

const told = ({ name, folder, files }: CreatedPlugin): string => `${name} is in ${folder}: ${files.join(', ')}

  cd ${folder}
  npm install
  npm test         # the conformance kit
  npm run build
  npm run check    # what npm will get: publint, are-the-types-wrong`;
