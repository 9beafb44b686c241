/** The pages of the API, from the declarations as built: one for each door of the packages, which lists what it exports, and one for each export. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Application, ReflectionKind } from 'typedoc';
import { doors, nameOf, pageKey } from './doors.mjs';
import { anchorOf, mapLinks, mapText } from './markdown.mjs';
import { root } from './repository.mjs';

/**
 * Writes a page for each door and each export, and one that lists the doors.
 * @returns the address of the page of each value that is exported, by `pageKey`
 */
export async function writeApi(folder) {
  const entries = await mkdtemp(join(root, 'apps/docs/.entries-'));
  try {
    for (const { door, file } of doors)
      await writeFile(join(entries, `${nameOf(door)}.ts`), `export * from '${root}${file.replace('.d.ts', '.js')}';\n`);
    await convert(entries, folder);
  } finally {
    await rm(entries, { recursive: true });
  }
  return asPages(folder);
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
      // what a class has from Error or from a layer of TensorFlow.js is told elsewhere
      excludeExternals: true,
      logLevel: 'Error',
      outputFileStrategy: 'members',
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
      indexFormat: 'table',
      groupOrder: ['Functions', 'Classes', 'Variables', 'Namespaces', '*'],
      pageTitleTemplates: { member: ({ name }) => name },
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

/** 'core-Function-chain.md' of 'core.Function.chain.md': a page whose name ended in '.html' would be taken for another kind of file. */
const flat = file => `${file.slice(0, -'.md'.length).replaceAll('.', '-')}.md`;
const relinked = page => mapLinks(page, link => link.replace(/^[\w.-]+\.md(?=#|$)/, flat));

const values = new Set(['Function', 'Class', 'Variable']);

/** Titles are the names that a program imports; the page of an export says where from. */
async function asPages(folder) {
  const exported = new Map();
  const titles = new Map(doors.map(({ door }) => [nameOf(door), door]));
  for (const file of (await readdir(folder)).filter(name => name.endsWith('.md'))) {
    const [page, kind, ...name] = file.slice(0, -'.md'.length).split('.');
    const door = titles.get(page);
    if (values.has(kind)) exported.set(pageKey(door, name.join('.')), `/api/${flat(file).slice(0, -'.md'.length)}`);
    const text = relinked(await readFile(join(folder, file), 'utf8'));
    const title = file === `${page}.md` ? `# ${door ?? 'API'}` : `$&\n\nFrom [\`${door}\`](${page}.md).`;
    await rm(join(folder, file));
    await writeFile(join(folder, flat(file)), numbered(text.replace(/^# .*$/m, title)));
  }
  const list = doors.map(({ door }) => `- [\`${door}\`](./${nameOf(door)}.md)`);
  await writeFile(
    join(folder, 'index.md'),
    `# API\n\nEach page lists what a program can import by one name. Every export has a page of its own, made from its docstring.\n\n${list.join('\n')}\n`,
  );
  return exported;
}
