/** Whether a run ended because it diverged: J is not finite, or the weights are so large that the gradient overflowed. An undefined gradient, as at √0, is not. */
export const hasDiverged = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'PluginError' &&
  /^the cost J is |Numbers have grown too large/.test(error.message);
