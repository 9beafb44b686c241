/** Why the command line has nothing to do with this scene. */
import type { ForCommandLine } from '../../stage/commandLine.ts';

export const forCommandLine = (): ForCommandLine => ({
  why: 'This page times single steps on random rows, which is no training that keepprob train could take over. Each name in the list is one that its config takes, as a plugin or a layer, with the same options.',
});
