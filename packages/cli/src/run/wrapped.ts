/** Lines for a terminal of 100 columns: a name, followed by text about it. */

const WIDTH = 100;
const NAME = 13;

/** Wraps the words into lines of at most 100 characters, indented after the first line; a longer word gets its own line. */
export function wrapped(name: string, text: string): string {
  const lines: string[] = [];
  let line = name.padEnd(NAME - 1);
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > WIDTH && line.trim() !== '' && line.length >= NAME) {
      lines.push(line);
      line = ' '.repeat(NAME - 1);
    }
    line += ` ${word}`;
  }
  return [...lines, line].join('\n');
}
