import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as messages from './messages.ts';
import { namesOf } from './names.ts';
import { changesetConfig, ci, firstChangeset, gitignore, manifestOf, tsconfig } from './templates/project.ts';
import { readmeOf } from './templates/readme.ts';
import type { Template } from './templates/template.ts';
import { kinds, type PluginKind, templates } from './templates/templates.ts';

export type { PluginKind };

/** Options of `createPlugin`. */
export interface CreatePluginOptions {
  /** What the plugin is called: lower-case words with hyphens between them. The package is `keepprob-plugin-<name>`. */
  readonly name: string;
  /** A layer (noise on activations), a training plugin (a penalty), or one around the step (more than one pass); 'training' by default. */
  readonly kind?: PluginKind;
  /** Where the package goes; by default a folder called as the package. */
  readonly folder?: string;
}

/** What `createPlugin` has written. */
export interface CreatedPlugin {
  /** The name of the package. */
  readonly name: string;
  /** Where it is. */
  readonly folder: string;
  /** Its files, relative to the folder. */
  readonly files: readonly string[];
}

/** @throws Error for a name or kind that there is not, and for a folder that holds something; nothing is written then */
function checked({ name, kind = 'training', folder }: CreatePluginOptions) {
  const names = namesOf(name);
  if (!names) throw new Error(messages.badName(name));
  const template = kinds.includes(kind) ? templates[kind] : undefined;
  if (!template) throw new Error(messages.badKind(kind, kinds));
  return { names, template, folder: folder ?? names.module };
}

/**
 * Writes a package with a plugin of the given kind that works: its source, its conformance test, and all that it takes to publish it.
 * @example
 * const { name, files } = await createPlugin({ name: 'smooth-l1', kind: 'training', folder: 'my-plugin' });
 * name; // 'keepprob-plugin-smooth-l1'
 * files.includes('src/index.ts'); // true
 * @throws Error for a name that npm or TypeScript would not take, a kind that there is not, or a folder that is not empty
 */
export async function createPlugin(options: CreatePluginOptions): Promise<CreatedPlugin> {
  const { names, template, folder } = checked(options);
  await checkEmpty(folder);
  const files = await filesOf(template, names);
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return { name: names.module, folder, files: Object.keys(files) };
}

async function checkEmpty(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (!found) return;
  if (!found.isDirectory()) throw new Error(messages.notFolder(folder));
  if ((await readdir(folder)).some(name => name !== '.git')) throw new Error(messages.notEmpty(folder));
}

type Names = NonNullable<ReturnType<typeof namesOf>>;

async function filesOf(template: Template, names: Names): Promise<Readonly<Record<string, string>>> {
  const version = await ownVersion();
  return {
    'package.json': manifestOf(names.module, template.what, version, template.isLayer),
    'tsconfig.json': tsconfig,
    '.gitignore': gitignore,
    '.github/workflows/ci.yml': ci,
    '.changeset/config.json': changesetConfig,
    '.changeset/first.md': firstChangeset(names.module, names.factory, template.what),
    'README.md': readmeOf(names, template),
    'src/index.ts': template.source(names),
    'test/index.test.ts': template.test(names),
  };
}

/** All packages of keepprob have one version. */
async function ownVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : '0.1.0';
}
