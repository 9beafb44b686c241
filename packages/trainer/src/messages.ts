/** Messages of this package. Each says what was expected, what came, and what to do. */

export const notInWorker = (): string =>
  'serveFit belongs into the module of a worker: this is the main thread. Give the module to fitInWorker.';
export const notFinite = (quantity: string, value: number, step: number, epoch: number): string =>
  `${quantity} is ${value} at step ${step} (epoch ${epoch}); the weights were not updated. ` +
  'Lower the learning rate, clip the gradients, or check the data.';
export const optionRejected = (owner: string, option: string, reason: string): string =>
  `${owner}: option \`${option}\`: ${reason}`;
