/** The sections of the report, in a natural order of their questions. */
export const sectionNames = [
  'model',
  'diagnosis',
  'effect',
  'cost',
  'effectiveL2',
  'weights',
  'keepProbs',
  'mask',
] as const;

/** A section of the report. */
export type SectionName = (typeof sectionNames)[number];
