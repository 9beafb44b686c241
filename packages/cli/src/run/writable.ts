/** Checks that the output of a command can be written, before minutes of work rather than after them. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { OptionError } from '@keepprob/core';

/** @throws OptionError for a folder that does not exist and cannot be made, or that cannot be written */
export function checkFolder(owner: string, option: string, folder: string): void {
  let place = resolve(folder);
  // the file system's root always exists
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  if (!isDirectory(place) || !isWritable(place))
    throw OptionError.of(owner, option, 'a folder that can be made and written', folder);
}

/** @throws OptionError for a file whose folder does not exist, or one that cannot be written */
export function checkFile(owner: string, option: string, file: string): void {
  const folder = dirname(file);
  const fits = existsSync(file) ? !isDirectory(file) && isWritable(file) : isDirectory(folder) && isWritable(folder);
  if (!fits) throw OptionError.of(owner, option, 'a file in a folder that is there and can be written', file);
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
