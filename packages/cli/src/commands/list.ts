/** Parses names that are separated by commas. */
export const list = (text: string): string[] => text.split(',').map(part => part.trim());
