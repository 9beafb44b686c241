import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The model.json of a run that is named by its folder. */
export const modelIn = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'model.json') : path;
