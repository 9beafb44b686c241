/** Every scene at settings that train a little in short time. */
export const scenes: readonly string[] = [
  '#/plane?points=30&iterations=100',
  '#/digits?trainSize=200&epochs=20',
  '#/lecture?points=30&iterations=100',
  '#/cost?iterations=100',
  '#/should?points=30&hidden=8&epochs=10&pairs=4',
  '#/search?trials=6&folds=3&points=60&hidden=4&epochs=10&fresh=1',
  '#/compose?hidden=16&batch=16&rounds=25',
];
