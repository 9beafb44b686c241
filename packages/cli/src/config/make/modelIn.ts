import { statSync } from 'node:fs';
import { join } from 'node:path';

/** The path of a model.json, also if the folder of the run is given. */
export const modelIn = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'model.json') : path;
