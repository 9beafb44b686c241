/** The parts of a Markdown text: its sections by their headings, and the regions that comments mark. */

const FENCE = /^(`{3,}|~{3,})/;
const HEADING = /^(#{1,6}) (.+)$/;
const REGION = /^<!-- #(end)?region (\S+) -->$/;

/** The text as it is outside of code, and code by another function; the text alone is changed by default. */
export function mapText(markdown, change, changeCode = code => code) {
  let fence = '';
  const parts = [];
  for (const line of markdown.split('\n')) {
    const [mark = ''] = FENCE.exec(line) ?? [];
    const isCode = fence !== '' || mark !== '';
    if (fence === '') fence = mark;
    else if (mark === fence) fence = '';
    const last = parts.at(-1);
    if (last?.isCode === isCode) last.lines.push(line);
    else parts.push({ isCode, lines: [line] });
  }
  return parts.map(({ isCode, lines }) => (isCode ? changeCode : change)(lines.join('\n'))).join('\n');
}

/** As GitHub makes it of a heading. */
export const anchorOf = heading =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** Each heading with its depth, its anchor and the number of its line. */
export function headingsOf(markdown) {
  const found = [];
  const prose = mapText(
    markdown,
    text => text,
    code => code.replace(/.+/g, ''),
  );
  for (const [at, line] of prose.split('\n').entries()) {
    const [, marks, heading] = HEADING.exec(line) ?? [];
    if (marks) found.push({ at, depth: marks.length, heading, anchor: anchorOf(heading) });
  }
  return found;
}

/** Without the comments that mark regions. */
const unmarked = lines =>
  lines
    .filter(line => !REGION.test(line))
    .join('\n')
    .trim();

/**
 * A part of a text: the region of that name, else the section under the heading with that anchor; 'top' is what stands between the title and the first
 * section; without a name, all of it.
 */
export function partOf(markdown, name) {
  const lines = markdown.split('\n');
  if (name === undefined) return unmarked(lines);
  const [from, to] = ['region', 'endregion'].map(word => lines.indexOf(`<!-- #${word} ${name} -->`));
  if (from >= 0 && to > from) return unmarked(lines.slice(from, to));
  const headings = headingsOf(markdown);
  const end = index => headings.slice(index + 1).find(({ depth }) => depth <= headings[index].depth)?.at;
  if (name === 'top') return unmarked(lines.slice(headings[0].at + 1, headings[1]?.at));
  const index = headings.findIndex(({ anchor }) => anchor === name);
  if (index < 0) throw new Error(`There is neither a region nor a heading "${name}".`);
  return unmarked(lines.slice(headings[index].at, end(index)));
}

/** Changes each link; code is left alone. `change` is given the address, and whether it is an image. */
export const mapLinks = (markdown, change) =>
  mapText(markdown, text =>
    text
      .split(/(`+[^`\n]*`+)/)
      .map((part, i) =>
        i % 2 === 1
          ? part
          : part.replace(/\]\(([^)\s]+)\)/g, (_, address, at) => `](${change(address, isImage(part, at))})`),
      )
      .join(''),
  );

/** Whether the bracket that ends here began with an exclamation mark. */
function isImage(text, end) {
  const start = text.lastIndexOf('[', end);
  return text[start - 1] === '!';
}
