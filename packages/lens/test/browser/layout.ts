/** Whether a drawing can be read: what a browser makes of it, in boxes. */

export interface Opened {
  readonly document: Document;
  close(): void;
}

/** A page of this width, as a phone or a screen shows it. */
export async function open(html: string, width: number): Promise<Opened> {
  const frame = document.createElement('iframe');
  Object.assign(frame.style, { width: `${width}px`, height: '900px', border: '0' });
  const loaded = new Promise(resolve => {
    frame.onload = resolve;
  });
  frame.srcdoc = html;
  document.body.append(frame);
  await loaded;
  const page = frame.contentDocument as Document;
  await page.fonts.ready;
  return { document: page, close: () => frame.remove() };
}

const nameOf = (element: Element): string => `${element.tagName} "${(element.textContent ?? '').trim().slice(0, 40)}"`;

const box = (element: Element): DOMRect => element.getBoundingClientRect();
const seen = (element: Element): boolean => box(element).width > 0 && box(element).height > 0;

/** Less than this is not seen. */
const PIXEL = 1.5;

/** Pairs of labels that lie on top of each other. */
export function overlapping(svg: Element): string[] {
  const labels = [...svg.querySelectorAll('text')].filter(seen);
  return labels.flatMap((a, i) =>
    labels.slice(i + 1).flatMap(b => {
      const [p, q] = [box(a), box(b)];
      const wide = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const high = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      // lines of text have air above and below the letters
      return wide > PIXEL && high > 0.35 * Math.min(p.height, q.height) ? [`${nameOf(a)} and ${nameOf(b)}`] : [];
    }),
  );
}

/** Labels that reach out of their drawing. */
export function clipped(svg: Element): string[] {
  const frame = box(svg);
  return [...svg.querySelectorAll('text')].filter(seen).flatMap(text => {
    const { left, right, top, bottom } = box(text);
    const out =
      left < frame.left - PIXEL ||
      right > frame.right + PIXEL ||
      top < frame.top - PIXEL ||
      bottom > frame.bottom + PIXEL;
    return out ? [nameOf(text)] : [];
  });
}

/** Axes, grids and frames are not what is drawn. */
const furniture = /axis|grid|frame|^text$|^rule$/;

/** Marks with an extent: dots, bars, lines, cells. */
export const marks = (svg: Element): number =>
  [...svg.querySelectorAll('g[aria-label]')]
    .filter(group => !furniture.test(group.getAttribute('aria-label') ?? ''))
    .flatMap(group => [...group.querySelectorAll('path, rect, circle, line')])
    .filter(mark => {
      const { width, height } = box(mark);
      return width > 0 || height > 0;
    }).length;

/** What reaches out of the page to the right: it would scroll sideways, and be cut off in print. */
export function overflowing(page: Document): string[] {
  const width = page.documentElement.clientWidth;
  const wide =
    page.documentElement.scrollWidth > width ? [`the page: ${page.documentElement.scrollWidth} of ${width}`] : [];
  const out = [...page.body.querySelectorAll('*')].filter(
    e => !e.closest('svg') && seen(e) && box(e).right > width + PIXEL,
  );
  return [...wide, ...out.map(nameOf)];
}

/** Cells of a table whose text lies on that of the next one. */
export function cramped(page: Document): string[] {
  return [...page.querySelectorAll('td, th')].filter(cell => cell.scrollWidth > cell.clientWidth + PIXEL).map(nameOf);
}
