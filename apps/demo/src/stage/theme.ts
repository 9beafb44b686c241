/** The colours of the page as numbers, for what is drawn. */

const media = ['(prefers-color-scheme: dark)', '(forced-colors: active)'];

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
  const style = getComputedStyle(element);
  context ??= document.createElement('canvas').getContext('2d');
  const written = (name: N): string => {
    const colour = style.getPropertyValue(`--${name}`).trim();
    if (!context) return colour;
    context.fillStyle = colour;
    return String(context.fillStyle);
  };
  return Object.fromEntries(names.map(name => [name, written(name)])) as Record<N, string>;
}
