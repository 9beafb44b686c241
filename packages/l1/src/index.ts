export * from './techniques.ts';
