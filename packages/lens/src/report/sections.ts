/** The sections of the report by name, in a natural order of their questions. */
import type { Section } from './section.ts';
import type { SectionName } from './sectionNames.ts';
import { cost } from './sections/cost.ts';
import { diagnosis } from './sections/diagnosis.ts';
import { effect } from './sections/effect.ts';
import { effectiveL2 } from './sections/effectiveL2.ts';
import { keepProbs } from './sections/keepProbs.ts';
import { mask } from './sections/mask.ts';
import { model } from './sections/model.ts';
import { weights } from './sections/weights.ts';

export const sections = { model, diagnosis, effect, cost, effectiveL2, weights, keepProbs, mask } satisfies Record<
  SectionName,
  Section
>;

type FindingOf<S> = S extends Section<infer F> ? F : never;

/** The result of a section whose question has no answer. */
export interface Untold {
  /** The reason, in words. */
  readonly cannotTell: string;
}

/** The JSON-compatible result of each requested section. */
export type ReportFindings = { readonly [S in SectionName]?: FindingOf<(typeof sections)[S]> | Untold };
