/** What is the same in every package. */
import { capital } from '../names.ts';

/** What TypeScript, tests and checks are done with. */
const tools = { '@arethetypeswrong/cli': '^0.18.5', publint: '^0.3.25', typescript: '^5.9.3', vitest: '^4.1.12' };

export function manifestOf(name: string, what: string, version: string, isLayer: boolean): string {
  const manifest = {
    name,
    version: '0.1.0',
    description: `${capital(what)}, for TensorFlow.js with keepprob`,
    keywords: ['keepprob-plugin', 'tensorflow', 'tfjs', 'regularization'],
    license: 'MIT',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20' },
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    files: ['dist', 'src'],
    scripts: {
      build: 'tsc',
      // a machine that is busy may take longer than the five seconds of vitest
      test: 'vitest run --testTimeout 600000',
      check: 'publint --strict && attw --pack . --profile esm-only',
      prepublishOnly: 'npm run build',
      changeset: 'npx --yes @changesets/cli@2',
    },
    peerDependencies: {
      '@keepprob/core': `>=${version} <1.0.0`,
      '@tensorflow/tfjs-core': '^4.22.0',
      ...(isLayer && { '@tensorflow/tfjs-layers': '^4.22.0' }),
    },
    devDependencies: {
      '@keepprob/core': `^${version}`,
      '@keepprob/testing': `^${version}`,
      '@tensorflow/tfjs': '4.22.0',
      ...tools,
    },
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'ES2022',
      module: 'NodeNext',
      moduleResolution: 'NodeNext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      declaration: true,
      sourceMap: true,
      skipLibCheck: true,
      types: [],
      rootDir: 'src',
      outDir: 'dist',
    },
    include: ['src'],
  },
  null,
  2,
)}\n`;

/** What changesets go by, for versions and their changelog. */
export const changesetConfig = `${JSON.stringify(
  { changelog: '@changesets/cli/changelog', commit: false, access: 'public', baseBranch: 'main' },
  null,
  2,
)}\n`;

export const firstChangeset = (name: string, factory: string, what: string): string => `---
'${name}': minor
---

\`${factory}\`: ${what}.
`;

export const gitignore = 'node_modules/\ndist/\n';

export const ci = `name: CI
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        node: [20, 22, 24]
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: \${{ matrix.node }}
      - run: npm install
      - run: npm test
      - run: npm run build
      - run: npm run check
`;
