/**
 * HTML that names and messages cannot break out of: a template escapes its values unless they are of this kind. `html` makes it.
 * @example
 * const cell = html`<td>${'a < b'}</td>`;
 * cell.text; // '<td>a &lt; b</td>'
 */
export class Html {
  /** The HTML, as it is written into a page. */
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: HTML is used as it is, everything else is escaped. */
export type Given = Html | string | number | readonly Given[];

/**
 * A template that escapes its values, except those that are `Html`.
 * @example
 * const name = '<script>';
 * html`<p>${name}</p>`.text; // '<p>&lt;script&gt;</p>'
 */
export const html = (strings: TemplateStringsArray, ...values: readonly Given[]): Html =>
  new Html(strings.reduce((text, part, i) => text + written(values[i - 1] as Given) + part));

const written = (value: Given): string => {
  if (value instanceof Html) return value.text;
  return Array.isArray(value) ? value.map(written).join('') : escaped(String(value));
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For the text of an element and for an attribute in quotes; in SVG as well. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, c => entities[c] as string);
