/**
 * Compiles assembly/ into src/wasm/binary.ts: the module twice, as base64, so that it works from any bundler, a script tag, Node and a
 * worker with nothing to configure. Memory is imported (TF.js' own); nothing static is written into it, no stack is kept in it.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const builds = {
  plain: [],
  relaxed: ['--enable', 'relaxed-simd'],
};

const folder = await mkdtemp(join(tmpdir(), 'keepprob-kernels-'));
try {
  const lines = ['// Made by scripts/build-wasm.mjs from assembly/. Not to be edited.'];
  for (const [name, flags] of Object.entries(builds)) {
    const out = join(folder, `${name}.wasm`);
    const { error, stderr } = await asc.main([
      join(root, 'assembly/index.ts'),
      ...['-o', out, '-O3', '--runtime', 'stub', '--importMemory', '--initialMemory', '1', '--noAssert'],
      ...['--enable', 'simd', ...flags],
    ]);
    if (error) throw new Error(`${stderr}`);
    const bytes = await readFile(out);
    lines.push(`export const ${name} =\n  '${bytes.toString('base64')}';`);
    console.log(`${name}: ${bytes.length} bytes`);
  }
  await writeFile(join(root, 'src/wasm/binary.ts'), `${lines.join('\n')}\n`);
} finally {
  await rm(folder, { recursive: true });
}
