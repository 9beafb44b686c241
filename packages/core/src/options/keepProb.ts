/** The valid values of a keepProb. Masks have 16 bits, T = round((1 − keepProb) 2¹⁶): at 2⁻¹⁷ and below nothing would be kept, and 1/keepProb would be Infinity. */

const TOO_SMALL = 2 ** -17;

/** Completes "Expected …" in an error. */
export const expectedKeepProb = 'a number > 2^-17 and ≤ 1';

export const isKeepProb = (value: unknown): value is number =>
  typeof value === 'number' && value > TOO_SMALL && value <= 1;
