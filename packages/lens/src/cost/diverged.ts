/** Whether a run ended because its numbers did: J, or weights so large that its gradient overflowed. Not because of a gradient that has no value, as at √0. */
export const hasDiverged = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'PluginError' &&
  /^the cost J is |Numbers have grown too large/.test(error.message);
