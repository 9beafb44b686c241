/** Loads models from files of Keras. */
export { ConvertError, type ConvertProblem, type ConvertSubject } from './errors.ts';
export { type LoadKerasOptions, loadKeras } from './load/loadKeras.ts';
