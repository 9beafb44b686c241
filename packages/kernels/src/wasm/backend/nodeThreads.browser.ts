/** Stands in for `nodeThreads.ts` in bundles for browsers, where the page decides whether memory is shared. */

export const startOnSharedMemory = async (): Promise<string | undefined> => 'this is a build for browsers.';
