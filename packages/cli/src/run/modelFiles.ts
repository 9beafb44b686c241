/** Exports the files of a model for programs that use the command line's models. */
export { modelFiles } from '@keepprob/trainer/node';
