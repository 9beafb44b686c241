/** A separator as one types it: a shell hands on `\t` as two characters. */
export const separator = (text: string): string => (text === '\\t' ? '\t' : text);
