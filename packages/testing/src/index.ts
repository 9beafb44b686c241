export { conformance, conformanceOf, lawsFor, type Runner } from './conformance.ts';
export { type Register, subjectsOf } from './entries.ts';
export { ConformanceError } from './expect.ts';
export type { FactoryLies } from './factoryTypes.ts';
export type { BadOptions, Law, LayerSubject, Subject, TrainingSubject } from './subject.ts';
