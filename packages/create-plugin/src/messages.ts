/** What is said of a command line, a name or a folder with which no package can begin. */

export const badName = (name: string): string =>
  `expected a name of lower-case letters, digits and hyphens that begins with a letter, such as smooth-l1. Received: ${JSON.stringify(name)}.`;
export const badKind = (kind: string, kinds: readonly string[]): string =>
  `expected a kind among ${kinds.join(', ')}. Received: ${JSON.stringify(kind)}.`;
export const notEmpty = (folder: string): string =>
  `${folder} already exists and is not empty. Choose another name, or another folder with --out.`;
export const notProved = (command: string, folder: string): string =>
  `create-plugin: the package is written, and \`${command}\` failed in ${folder}. Run it there again; with --no-install nothing is run.`;
export const notFolder = (folder: string): string => `${folder} is a file. Choose another folder with --out.`;
