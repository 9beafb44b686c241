/** Writes what pages without a bundler load: `dist/browser/keepprob.js`, a module, and `keepprob.script.js`, a script. */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
const here = path => fileURLToPath(new URL(path, import.meta.url));

/** Every name that TensorFlow.js exports, as a constant that is left out where nobody asks for it. */
const names = new Set(['tfjs-core', 'tfjs-layers'].flatMap(name => Object.keys(require(`@tensorflow/${name}`))));
const taken = [
  `const taken = globalThis[Symbol.for('keepprob.tf')];`,
  'const of = name => taken[name];',
  ...[...names].map(name => `export const ${name} = /* @__PURE__ */ of('${name}');`),
].join('\n');

/** The page's own TensorFlow.js in the place of each of its packages; only where it is looked for is it imported. */
const ofThePage = {
  name: 'tensorflow-of-the-page',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^@tensorflow\// }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, external: true } : { path: 'tf', namespace: 'page' },
    );
    // it is imported for what it does; that nothing else here is, package.json says
    onResolve({ filter: /\/from(?:Map|Global)\.js$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      sideEffects: true,
    }));
    onLoad({ filter: /.*/, namespace: 'page' }, () => ({ contents: taken }));
  },
};

const common = {
  bundle: true,
  minify: true,
  platform: 'browser',
  target: 'es2022',
  plugins: [ofThePage],
  legalComments: 'none',
};
await Promise.all([
  build({
    ...common,
    entryPoints: [here('dist/page/module.js')],
    format: 'esm',
    outfile: here('dist/browser/keepprob.js'),
  }),
  build({
    ...common,
    entryPoints: [here('dist/page/script.js')],
    format: 'iife',
    globalName: 'keepprob',
    outfile: here('dist/browser/keepprob.script.js'),
  }),
]);
