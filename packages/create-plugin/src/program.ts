/** The command line: `npm create @keepprob/plugin smooth-l1 -- --kind layer`. It asks nothing. */
import { parseArgs } from 'node:util';
import { type CreatedPlugin, createPlugin } from './createPlugin.ts';
import * as messages from './messages.ts';
import { type Manager, managerOf, prove } from './prove.ts';
import { isKind, kinds } from './templates/templates.ts';

const help = `Usage: npm create @keepprob/plugin [name] -- [options]

Begins a package with a regularization plugin: source, conformance test, README, build.
Then installs what it needs and runs its test.

  --kind <kind>   training: a penalty on weights (default); layer: noise on activations;
                  step: around the step, for more than one pass
  --out <folder>  where it goes (default: keepprob-plugin-<name>)
  --no-install    only writes the package
  --yes           asks nothing, as always
  --help

Without a name it is called my-plugin.
`;

const options = {
  kind: { type: 'string', default: 'training' },
  out: { type: 'string' },
  'no-install': { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs a command line, and gives the exit code: 0 written and, unless that was not wanted, proved; 1 written and not proved; 2 the command line is wrong. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.help) {
      console.log(help);
      return 0;
    }
    const { kind, out, 'no-install': isWrittenOnly } = values;
    if (!isKind(kind)) throw new Error(messages.badKind(kind, kinds));
    const [name = 'my-plugin'] = positionals;
    const created = await createPlugin({ name, kind, ...(out !== undefined && { folder: out }) });
    const manager = managerOf(process.env.npm_config_user_agent);
    console.log(written(created));
    const failed = isWrittenOnly ? undefined : await prove(created.folder, manager);
    if (failed !== undefined) console.error(`\n${messages.notProved(failed, created.folder)}`);
    else console.log(next(created, manager, !isWrittenOnly));
    return failed === undefined ? 0 : 1;
  } catch (error) {
    console.error(`create-plugin: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
}

const written = ({ name, folder, files }: CreatedPlugin): string => `${name} is in ${folder}: ${files.join(', ')}`;

const next = ({ name, folder }: CreatedPlugin, manager: Manager, isProved: boolean): string => `
${isProved ? `${name} works: its test, the conformance kit, has passed.\n` : ''}
  cd ${folder}
${isProved ? '' : `  ${manager} install\n`}  ${manager}${manager === 'bun' ? ' run' : ''} test         # the conformance kit
  ${manager} run build
  ${manager} run check    # what npm will get: publint, are-the-types-wrong`;
