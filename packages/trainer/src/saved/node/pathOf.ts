/** Finds the model.json that a path refers to. */
import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';

const folderOrFile = 'a folder, or the path of a model.json in it (letters, digits, ".", "_" and "-" in its name)';

const readable = option.custom<string>(
  'the path of a model.json, or of its folder; for a URL use loadModel of @keepprob/trainer/model',
  given => typeof given === 'string' && given !== '' && !/^[a-z]+:\/\//i.test(given),
);

const writable = option.custom<string>(
  folderOrFile,
  given => typeof given === 'string' && given !== '' && !/^[a-z]+:\/\//i.test(given) && isName(given),
);

const isName = (path: string): boolean => !path.endsWith('.json') || /^[\w-][\w.-]*$/.test(basename(path));

/** @throws OptionError if `path` is not a path */
export function modelAt(path: string): string {
  checkArgument('loadModel', 'path', readable, path);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ? join(path, 'model.json') : path;
}

/** @throws OptionError if `path` is not a path, and for a file name that we do not allow */
export function placeFor(owner: string, path: string): string {
  checkArgument(owner, 'path', writable, path);
  return path.endsWith('.json') ? path : join(path, 'model.json');
}
