/** For whoever lists techniques: what each one says of itself. */
export { type Definition, definitionOf } from './options/definition.ts';
