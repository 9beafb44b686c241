/** How imports may run: no circles, types included, and one way between packages. `npx depcruise` reads it; `npm run check` holds it. */

/** Packages that train: what may stand on the trainer. Everything else stands on core alone. */
const onTrainer = ['trainer', 'lens', 'search', 'cli', 'testing'];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one thought in two places, or two thoughts in one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { path: '^packages/(?!core/)' },
    },
    {
      name: 'families-stand-on-core',
      comment: 'A family is installed on its own; only what trains may need the trainer.',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: `^packages/(${onTrainer.join('|')})/` },
      to: { path: '^packages/trainer/' },
    },
    {
      name: 'packages-by-their-doors',
      comment: 'A package is imported by its name, never by a path into it.',
      severity: 'error',
      from: { path: '^packages/([^/]+)/src' },
      to: { path: '^packages/[^/]+/src', pathNot: '^packages/$1/', dependencyTypes: ['local'] },
    },
    {
      name: 'tests-stay-out',
      severity: 'error',
      from: { path: '/src/' },
      to: { path: '/test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
