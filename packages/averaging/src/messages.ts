/** Messages of this package. Each says what was expected, what came, and what to do. */

export const notAveraged = (): string =>
  'nothing averages the weights of this model: either no update has been averaged yet, or the run is over. Train with ema(…) or swa(…) of @keepprob/averaging.';
