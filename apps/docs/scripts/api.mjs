/** The pages of the API: one for each door of the packages, from the declarations as built. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { doors, nameOf } from './doors.mjs';
import { anchorOf, mapText } from './markdown.mjs';
import { root } from './repository.mjs';

/** Writes a page for each door, and one that lists them. */
export async function writeApi(folder) {
  const entries = await mkdtemp(join(root, 'apps/docs/.entries-'));
  try {
    for (const { door, file } of doors)
      await writeFile(join(entries, `${nameOf(door)}.ts`), `export * from '${root}${file.replace('.d.ts', '.js')}';\n`);
    await convert(entries, folder);
  } finally {
    await rm(entries, { recursive: true });
  }
  await asPages(folder);
}

async function convert(entries, folder) {
  await writeFile(join(entries, 'tsconfig.json'), JSON.stringify(compiler));
  const app = await Application.bootstrapWithPlugins(
    {
      plugin: ['typedoc-plugin-markdown'],
      entryPoints: doors.map(({ door }) => join(entries, `${nameOf(door)}.ts`)),
      tsconfig: join(entries, 'tsconfig.json'),
      out: folder,
      readme: 'none',
      disableSources: true,
      skipErrorChecking: true,
      excludePrivate: true,
      excludeInternal: true,
      logLevel: 'Error',
      outputFileStrategy: 'modules',
      flattenOutputFiles: true,
      entryFileName: 'index',
      hidePageHeader: true,
      hideBreadcrumbs: true,
      useCodeBlocks: true,
      parametersFormat: 'table',
      propertiesFormat: 'table',
      interfacePropertiesFormat: 'table',
      typeDeclarationFormat: 'table',
      enumMembersFormat: 'table',
    },
    [],
  );
  const project = await app.convert();
  if (!project) throw new Error('TypeDoc could not read the declarations.');
  // what errors say is no API to write programs against
  for (const module of project.children ?? [])
    for (const child of module.children ?? [])
      if (child.kind === ReflectionKind.Namespace && child.name === 'messages') project.removeReflection(child);
  await app.generateOutputs(project);
}

const compiler = {
  compilerOptions: {
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    target: 'ES2022',
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  },
  include: ['*.ts'],
};

/** The rows of tables have anchors, too, and TypeDoc numbers a heading after a row of its name: 'option-1'. The heading gets that number here. */
function numbered(page) {
  const rows = new Set();
  return mapText(page, text =>
    text
      .split('\n')
      .map(line => {
        for (const [, id] of line.matchAll(/<a id="([^"]+)">/g)) rows.add(id);
        const [, heading] = /^#+ (.+)$/.exec(line) ?? [];
        const anchor = heading && anchorOf(heading);
        return rows.has(anchor) ? `${line} {#${anchor}-1}` : line;
      })
      .join('\n'),
  );
}

/** Titles are the names that a program imports. */
async function asPages(folder) {
  await mkdir(folder, { recursive: true });
  const titles = new Map(doors.map(({ door }) => [nameOf(door), door]));
  for (const file of await readdir(folder)) {
    if (!file.endsWith('.md')) continue;
    const title = titles.get(file.replace('.md', ''));
    const text = await readFile(join(folder, file), 'utf8');
    await writeFile(join(folder, file), numbered(title ? text.replace(/^# .*$/m, `# ${title}`) : text));
  }
  const list = doors.map(({ door }) => `- [\`${door}\`](./${nameOf(door)}.md)`);
  await writeFile(
    join(folder, 'index.md'),
    `# API\n\nWhat each package exports, by the name that a program imports, from its docstrings.\n\n${list.join('\n')}\n`,
  );
}
