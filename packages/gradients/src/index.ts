export * from './amsgrad.ts';
export * from './techniques.ts';
