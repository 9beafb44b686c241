/** Replaces `nodeThreads.ts` in bundles for browsers, where the page determines whether memory is shared. */

export const startOnSharedMemory = async (): Promise<string | undefined> => 'this is a build for browsers.';
