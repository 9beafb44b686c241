export { register } from './register.ts';
export * from './techniques.ts';
