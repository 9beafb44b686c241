/** The colours of the page as numbers, for what is drawn. */

/** The theme's colours that have been asked for, until it changes. */
const known = new Map<string, string>();

const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)'];

for (const query of media) matchMedia(query).addEventListener('change', () => known.clear());

/** Calls when light turns to dark, or to the visitor's own colours. @returns ends that */
export function onTheme(changed: () => void): () => void {
  const lists = media.map(query => matchMedia(query));
  for (const list of lists) list.addEventListener('change', changed);
  return () => {
    for (const list of lists) list.removeEventListener('change', changed);
  };
}

/** Knows what a colour is. */
let context: CanvasRenderingContext2D | null | undefined;

/**
 * As #rrggbb, which a colour of the system has no other way to become.
 * @param names custom properties of the theme, without the two dashes
 */
export function inksOf<N extends string>(element: Element, names: readonly N[]): Record<N, string> {
  context ??= document.createElement('canvas').getContext('2d');
  // to ask for a style makes the browser compute the styles of all that came since
  const written = (name: N): string => {
    const colour = getComputedStyle(element).getPropertyValue(`--${name}`).trim();
    if (!context) return colour;
    context.fillStyle = colour;
    return String(context.fillStyle);
  };
  for (const name of names) if (!known.has(name)) known.set(name, written(name));
  return Object.fromEntries(names.map(name => [name, known.get(name)])) as Record<N, string>;
}
