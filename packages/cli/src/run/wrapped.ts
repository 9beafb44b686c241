/** Lines for a terminal of 100 columns: a name, and what there is to say of it. */

const WIDTH = 100;
const NAME = 13;

/** The words in lines of at most 100 characters, what follows the first of them indented; a word that is longer has a line of its own. */
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
