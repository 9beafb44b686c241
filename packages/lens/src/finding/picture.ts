/**
 * Pictures: panels of Observable Plot, each by itself, or stacked with a title and a caption as one self-contained SVG. Drawn with the page's document in
 * browsers and with linkedom elsewhere.
 */
import * as Plot from '@observablehq/plot';

/** One plot. */
export interface Panel {
  /** Title of the plot. */
  readonly title?: string;
  /** Options of Observable Plot. */
  readonly options: Plot.PlotOptions;
  /** Its numbers as a table, for readers who cannot see it; the first row is the header. A page shows them on demand. */
  readonly rows?: readonly (readonly string[])[];
}

/** A stack of plots. */
export interface Figure {
  /** Title of the figure. */
  readonly title: string;
  /** Sentences under the title; long ones are wrapped. */
  readonly caption?: string;
  /** The plots, from top to bottom. */
  readonly panels: readonly Panel[];
}

/** Width in pixels: that of a phone, so that text is shown there at the size it is drawn. */
export const WIDTH = 400;
/**
 * The colors of pictures. A page replaces them in dark mode.
 * @example
 * const x = { domain: [0, 1] };
 * const marks = [Plot.dot([[0.5, 0]], { fill: colors.accent })]; // Plot: that of @observablehq/plot
 * await draw({ title: 'One dot', panels: [{ options: { x, marks } }] });
 */
export const colors = {
  ink: '#1c1b1a',
  faint: '#6b6965',
  rule: '#dddbd6',
  accent: '#b3261e',
  second: '#2864a8',
} as const;

const FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const MARGIN = 12;
const LINE = 17;
/** Characters that fit between the margins, in a wide font. */
const FITTING = { title: 38, heading: 44, caption: 52 } as const;

/**
 * Draws stacked panels as one self-contained SVG, as wide as a phone.
 * @example
 * const svg = await draw({ title: 'One dot', panels: [{ options: { x: { domain: [0, 1] }, marks: [] } }] });
 * svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'); // true
 * @returns the SVG as text
 */
export async function draw({ title, caption = '', panels }: Figure): Promise<string> {
  const document = await documentToDrawIn();
  const parts: string[] = [];
  let y = MARGIN;
  const write = (line: string, size: number, style = ''): void => {
    y += LINE;
    parts.push(`<text x="${MARGIN}" y="${y}" font-size="${size}"${style}>${escaped(line)}</text>`);
  };
  for (const line of wrap(title, FITTING.title)) write(line, 15, ' font-weight="600"');
  y += caption ? 4 : 0;
  for (const line of wrap(caption, FITTING.caption)) write(line, 12, ` fill="${colors.faint}"`);
  for (const panel of panels) {
    y += 12;
    for (const line of wrap(panel.title ?? '', FITTING.heading)) write(line, 13, ' font-weight="600"');
    const { svg, height } = plotted(panel, document);
    parts.push(svg.replace('<svg', `<svg y="${y + 4}"`));
    y += 4 + height;
  }
  const height = Math.ceil(y + MARGIN);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" ` +
    `role="img" aria-label="${escaped(title)}" font-family="${escaped(FONT)}" fill="${colors.ink}">` +
    `<rect width="${WIDTH}" height="${height}" fill="white"/>${parts.join('')}</svg>`
  );
}

/** One panel without its title, as a separate SVG. */
export async function drawPanel(panel: Panel): Promise<string> {
  const { svg } = plotted(panel, await documentToDrawIn());
  const label = panel.title ? ` aria-label="${escaped(panel.title)}"` : '';
  return svg.replace('<svg', `<svg xmlns="http://www.w3.org/2000/svg" role="img"${label}`);
}

function plotted({ options }: Panel, document: Document): { svg: string; height: number } {
  const svg = Plot.plot({
    document,
    width: WIDTH,
    // keeps a label above the axis clear of its first tick
    marginTop: options.y?.label && options.y.labelAnchor !== 'center' ? 30 : 12,
    marginLeft: 52,
    marginRight: 20,
    ...options,
    x: { labelAnchor: 'center', labelArrow: 'none', ticks: 5, ...options.x },
    style: { background: 'transparent', color: colors.ink, fontFamily: FONT, fontSize: '12px' },
  } as Plot.PlotOptions);
  // XML does not know HTML's name for the non-breaking space
  return { svg: svg.outerHTML.replaceAll('&nbsp;', '&#160;'), height: Number(svg.getAttribute('height')) };
}

/** @throws Error in a browser worker, which has no document and gets no linkedom */
async function documentToDrawIn(): Promise<Document> {
  if (typeof document !== 'undefined') return document;
  const { parseHTML } = await import('linkedom');
  if (!parseHTML) throw new Error('picture(): there is no document here. Draw on the page, not in a worker.');
  return parseHTML('<html><body></body></html>').document as unknown as Document;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string);

/** Lines of at most `characters` characters, broken at spaces (not non-breaking ones), and inside a word only if it is longer than a line. */
function wrap(text: string, characters: number): string[] {
  const lines: string[] = [];
  const words = text.split(' ').flatMap(word => word.match(new RegExp(`.{1,${characters}}`, 'gu')) ?? []);
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Maximum length of a name next to an axis. */
const NAME = 17;

/**
 * A name, cut to fit next to an axis.
 * @example
 * clipped('a name that is too long'); // 'a name that is t…'
 */
export const clipped = (name: string): string => (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);

/**
 * The left margin that the longest of these names needs, clipped.
 * @example
 * nameMargin(['hidden1']); // 69
 */
export const nameMargin = (names: readonly string[]): number =>
  20 + 7 * Math.max(...names.map(name => Math.min(name.length, NAME)));
