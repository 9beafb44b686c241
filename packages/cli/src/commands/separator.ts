/** Parses a separator: a shell passes `\t` as two characters. */
export const separator = (text: string): string => (text === '\\t' ? '\t' : text);
