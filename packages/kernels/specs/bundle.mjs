/**
 * Bundles TF.js' own specs, a backend and, when asked to, our kernels or gradients into one module, so that all share one tfjs-core. Nothing of
 * the specs runs until the module is imported with jasmine's globals in place.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { resolve } = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, '../..');
const core = dirname(resolve('@tensorflow/tfjs-core'));
const wasm = dirname(resolve('@tensorflow/tfjs-backend-wasm'));

/** What brings each backend, and what of ours is for it. */
const backends = {
  wasm: {
    imports: `
    import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
    setWasmPaths('${wasm}/');`,
    ours: 'wasm.ts',
  },
  cpu: { imports: "import '@tensorflow/tfjs-backend-cpu';", ours: 'gradients.ts' },
};

/** Modules run in the order of their imports: the environment must be set before the specs are declared. */
const modulesOf = (name, { imports, ours }) => ({
  'specs:environment': `
    import '${core}/index.js';
    import '${core}/register_all_gradients.js';
    import '${core}/public/chained_ops/register_all_chained_ops.js';
    import { setTestEnvs } from '${core}/jasmine_util.js';
    ${imports}
    setTestEnvs([{ name: '${name}', backendName: '${name}', isDataSync: true }]);`,
  'specs:entry': `
    export { setBackend } from '@tensorflow/tfjs-core';
    export { alea } from 'seedrandom';
    import 'specs:environment';
    import '${core}/tests.js';`,
  'specs:entry-ours': `
    export * from 'specs:entry';
    export { install } from '${join(packages, 'kernels/src', ours)}';`,
});

const pluginOf = modules => ({
  name: 'specs',
  setup(it) {
    it.onResolve({ filter: /^specs:/ }, ({ path }) => ({ path, namespace: 'specs' }));
    it.onLoad({ filter: /.*/, namespace: 'specs' }, ({ path }) => ({ contents: modules[path], resolveDir: core }));
    // the sources of our packages, as in vitest.shared.ts: no build needed
    it.onResolve({ filter: /^@keepprob\// }, ({ path }) => {
      const [, name, entry = 'index'] = path.split('/');
      return { path: join(packages, name, 'src', `${entry}.ts`) };
    });
  },
});

/** Writes the bundle to `file`. */
export async function bundle(file, { backend, ours }) {
  await build({
    entryPoints: [ours ? 'specs:entry-ours' : 'specs:entry'],
    outfile: file,
    plugins: [pluginOf(modulesOf(backend, backends[backend]))],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    ignoreAnnotations: true, // tfjs-core marks its specs as free of side effects
    logLevel: 'error',
    banner: {
      js: `import { createRequire } from 'node:module';
const require = createRequire(${JSON.stringify(import.meta.url)});
const __filename = ${JSON.stringify(file)};
const __dirname = ${JSON.stringify(dirname(file))};`,
    },
  });
}
