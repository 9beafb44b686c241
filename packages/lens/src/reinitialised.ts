/** `reinitialised` without the rest of the lens, whose pictures take half a second to load. */
export { reinitialised } from './diagnose/reinitialised.ts';
