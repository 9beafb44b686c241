/**
 * HTML that is safe to insert into a template, which escapes all other values. Created by `html`.
 * @example
 * const cell = html`<td>${'a < b'}</td>`;
 * cell.text; // '<td>a &lt; b</td>'
 */
export class Html {
  /** The HTML source. */
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template: `Html` is used as it is, everything else is escaped. */
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

/** Escapes text for an element or a quoted attribute, in HTML and SVG. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, c => entities[c] as string);
