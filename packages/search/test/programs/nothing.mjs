/** A module that exports no trial. */
export const trial = 1;
