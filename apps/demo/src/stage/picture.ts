/** A figure of the page as a picture to keep: with its title, what it shows, and the settings that it was made with. */

type Drawing = HTMLCanvasElement | SVGSVGElement;

const margin = 20;
/** Pixels of the picture for each of the page's. */
const scale = 2;

const isDrawing = (element: Element): element is Drawing =>
  element instanceof HTMLCanvasElement || element instanceof SVGSVGElement;

/** The largest drawing in it: keys have small ones. */
function drawingOf(figure: Element): Drawing | undefined {
  const area = (element: Element): number => {
    const { width, height } = element.getBoundingClientRect();
    return width * height;
  };
  return [...figure.querySelectorAll('canvas, svg')].filter(isDrawing).sort((a, b) => area(b) - area(a))[0];
}

const styles = [
  ...['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'opacity', 'font-size', 'font-weight', 'font-family'],
  ...['text-anchor', 'dominant-baseline', 'font-style'],
];

/** An SVG by itself, without the page's styles. */
async function imageOf(svg: SVGSVGElement): Promise<CanvasImageSource> {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const copies = copy.querySelectorAll<SVGElement>('*');
  svg.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(element);
    for (const name of styles) copies[i]?.style.setProperty(name, style.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute('width', String(width * scale));
  copy.setAttribute('height', String(height * scale));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  return image;
}

/** Lines no wider than `width`. */
export function wrapped(text: string, width: number, widthOf: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

interface Text {
  readonly text: string;
  readonly font: string;
  readonly colour: string;
  readonly height: number;
}

/**
 * The PNG of a figure.
 * @param words what stands below it: settings, address
 * @throws Error where the browser makes none
 */
export async function pictureOf(figure: Element, title: string, words: readonly string[]): Promise<Blob> {
  const drawing = drawingOf(figure);
  if (!drawing) throw new Error('There is nothing to save yet.');
  const style = getComputedStyle(figure);
  const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const { width, height } = drawing.getBoundingClientRect();
  const room = Math.max(width, 440);
  const context = document.createElement('canvas').getContext('2d');
  if (!context) throw new Error('This browser draws no pictures.');

  const put = (text: string, size: number, weight: number, ink: string): Text[] => {
    const font = `${weight} ${size}px ${style.fontFamily}`;
    context.font = font;
    const lines = wrapped(text, room, part => context.measureText(part).width);
    return lines.map(line => ({ text: line, font, colour: colour(ink), height: size * 1.45 }));
  };
  const textsOf = (selector: string): string[] =>
    [...figure.querySelectorAll(selector)].map(({ textContent }) => textContent.trim());
  const above = [
    ...put(title, 16, 650, 'ink'),
    ...textsOf('figcaption p').flatMap(text => put(text, 12, 400, 'faint')),
  ];
  const below = [
    ...textsOf('.readout, .key').flatMap(text => put(text, 12, 400, 'soft')),
    ...words.flatMap(text => put(text, 11, 400, 'faint')),
  ];
  const tall = (texts: readonly Text[]): number => texts.reduce((sum, text) => sum + text.height, 0);

  const { canvas } = context;
  canvas.width = (room + 2 * margin) * scale;
  canvas.height = (tall(above) + height + tall(below) + 4 * margin) * scale;
  context.scale(scale, scale);
  context.fillStyle = colour('card');
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'top';
  const write = (texts: readonly Text[], from: number): void => {
    let y = from;
    for (const { text, font, colour: ink, height: line } of texts) {
      Object.assign(context, { font, fillStyle: ink });
      context.fillText(text, margin, y);
      y += line;
    }
  };
  write(above, margin);
  const top = tall(above) + 2 * margin;
  const source = drawing instanceof SVGSVGElement ? await imageOf(drawing) : drawing;
  context.drawImage(source, margin, top, width, height);
  write(below, top + height + margin);
  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('This browser makes no PNG of it.');
  return blob;
}

/** “Dev error” of the scene `plane` as plane-dev-error.png. */
export const fileNameOf = (scene: string, title: string): string =>
  `${scene}-${title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}.png`;
