/** Names with commas between them. */
export const list = (text: string): string[] => text.split(',').map(part => part.trim());
