/** The version of this package. Written by `npm run bump`. */
export const VERSION = '0.1.0';
