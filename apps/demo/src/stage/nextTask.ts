/** Resolves in a task of its own: what is pressed or to be drawn meanwhile comes first. */
export const nextTask = (): Promise<void> => new Promise(resolve => setTimeout(resolve));
