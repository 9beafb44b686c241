/** HTML that names and messages cannot break out of: what a template is given is escaped, unless it is HTML of this kind already. */
export class Html {
  /** As it is written. */
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What a template takes: HTML as it is, all else escaped. */
export type Given = Html | string | number | readonly Given[];

/**
 * A template whose values are escaped, but for HTML of this kind.
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
