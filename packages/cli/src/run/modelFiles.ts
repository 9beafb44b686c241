/** Where programs find the files of a model that the command line trains on. */
export { modelFiles } from '@keepprob/trainer/node';
