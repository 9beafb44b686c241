/** A model built anew with other initial weights, without the rest of the lens: its pictures take half a second to load. */
export { reinitialised } from './diagnose/reinitialised.ts';
