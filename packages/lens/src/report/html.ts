/** HTML that names and messages cannot break out of: what a template is given is escaped, unless it is HTML of this kind already. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Given = Html | string | number | readonly Given[];

/** html`<p>${anything}</p>` */
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
