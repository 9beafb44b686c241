/** Starts a worker for the scene of this name. */
export const spawner = (name: string) => (): Worker => {
  const worker = new Worker(new URL('../worker.ts', import.meta.url), { type: 'module' });
  worker.postMessage(name);
  return worker;
};
