/**
 * Compiles assembly/ into src/wasm/backend/binary.ts: the module twice, as base64, and the type of its exports, so that it works from any bundler, a script tag, Node and a
 * worker with nothing to configure. Memory is imported (TF.js' own); nothing static is written into it, no stack is kept in it.
 */

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = fileURLToPath(new URL('../bin/asc.js', import.meta.resolve('assemblyscript/asc')));
const builds = {
  plain: [],
  relaxed: ['--enable', 'relaxed-simd'],
};

/** The exported functions as TypeScript sees them: every number is a number. */
async function exportsType() {
  const folder = join(root, 'assembly');
  const names = (await readFile(join(folder, 'index.ts'), 'utf8')).matchAll(/export \{([^}]*)\} from '\.\/([\w/]+)'/g);
  const functions = [];
  for (const [, list, file] of names) {
    const source = await readFile(join(folder, `${file}.ts`), 'utf8');
    for (const name of list.split(',').map(n => n.trim())) {
      const [, parameters, result] = source.match(new RegExp(`export function ${name}\\(([^)]*)\\): (\\w+)`));
      const typed = parameters.replace(/_?: (i32|usize|f32|f64)/g, ': number').replace(/: bool\b/g, ': boolean');
      const list = typed
        .split(',')
        .map(p => p.trim())
        .filter(Boolean)
        .join(', ');
      functions.push(`  ${name}(${list}): ${result === 'void' ? 'void' : 'number'};`);
    }
  }
  return `/** Addresses and sizes are integers. */\nexport interface Exports {\n${functions.join('\n')}\n}`;
}

/** The module, compiled in a process of its own. */
async function compiled(name, flags, folder) {
  const out = join(folder, `${name}.wasm`);
  await promisify(execFile)(process.execPath, [
    ...[compiler, join(root, 'assembly/index.ts'), '-o', out],
    ...['-O3', '--runtime', 'stub', '--importMemory', '--initialMemory', '1', '--noAssert', '--enable', 'simd'],
    ...flags,
  ]);
  const bytes = await readFile(out);
  console.log(`${name}: ${bytes.length} bytes`);
  return `export const ${name} =\n  '${bytes.toString('base64')}';`;
}

const folder = await mkdtemp(join(tmpdir(), 'keepprob-kernels-'));
try {
  // side by side: all other packages wait for these
  const modules = await Promise.all(Object.entries(builds).map(([name, flags]) => compiled(name, flags, folder)));
  const lines = [
    '// Made by scripts/build-wasm.mjs from assembly/. Not to be edited.',
    ...modules,
    await exportsType(),
  ];
  await writeFile(join(root, 'src/wasm/backend/binary.ts'), `${lines.join('\n')}\n`);
} finally {
  await rm(folder, { recursive: true });
}
