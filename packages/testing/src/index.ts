export { conformance, lawsFor, type Runner } from './conformance.ts';
export { ConformanceError } from './expect.ts';
export type { BadOptions, Law, LayerSubject, Subject, TrainingSubject } from './subject.ts';
