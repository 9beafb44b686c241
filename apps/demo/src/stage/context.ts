/** What the parts of a scene's page know of it without being told by the scene: the stage gives it to all that stands on it. */
import { createContext } from 'svelte';
import type { Ghosts } from './ghosts.svelte.ts';
import type { Lesson } from './lesson.ts';
import type { Mark, Phase } from './run.svelte.ts';
import type { Told } from './told.svelte.ts';

export interface OnStage {
  /** The name of the scene. */
  readonly name: string;
  readonly run: {
    /** Of changes in mid-run, on the axis that the run counts on. */
    readonly marks: readonly Mark[];
    readonly ghosts: Pick<Ghosts<unknown>, 'before' | 'hidden' | 'attend'>;
    /** All settings of the results shown, in words. */
    readonly caption: string;
    readonly phase: Phase;
    readonly failure: string;
    start(): void;
    reset(): void;
    isLocked(name: string): boolean;
  };
  readonly told: Told;
}

export const [stage, setStage] = createContext<OnStage>();

/** What a lesson asks of the page; read anew at every use, since the address may change. */
export const [lesson, setLesson] = createContext<() => Lesson>();
