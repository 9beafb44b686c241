/** Messages of this package. Each says what was expected, what came, and what to do. */

export const notInWorker = (): string =>
  'serveFit belongs into the module of a worker: this is the main thread. Give the module to fitInWorker.';
export const optionRejected = (owner: string, option: string, reason: string): string =>
  `${owner}: option \`${option}\`: ${reason}`;
