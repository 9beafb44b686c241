/** The parts of sections: sentences, lists, tables, figures, code. */
import { colors, drawPanel, type Panel } from '../finding/picture.ts';
import { Html, html } from './html.ts';

/**
 * One paragraph per sentence.
 * @example
 * paragraphs(['It fits.'])[0].text; // '<p>It fits.</p>'
 */
export const paragraphs = (sentences: readonly string[]): Html[] => sentences.map(text => html`<p>${text}</p>`);

/**
 * Fine print; empty for no sentences.
 * @example
 * notes([]); // []
 */
export const notes = (sentences: readonly string[]): Html[] =>
  sentences.length ? [html`<div class="notes">${paragraphs(sentences)}</div>`] : [];

export const steps = (items: readonly string[]): Html => html`<ol>${items.map(item => html`<li>${item}</li>`)}</ol>`;

/**
 * Lines of code to copy.
 * @example
 * code('dropout(0.5)').text; // '<pre><code>dropout(0.5)</code></pre>'
 */
export const code = (text: string): Html => html`<pre><code>${text}</code></pre>`;

/** Tables with more columns than this are shown row by row on a phone, each cell with its header. */
const NARROW = 4;

/** Keeps numbers such as 9.7e-6 on one line, despite the hyphen. */
const unbroken = (text: string): Html[] =>
  text.split(/(\S+e-\d+)/).map((part, i) => (i % 2 ? html`<span class="number">${part}</span>` : html`${part}`));

/** Lets names of layers wrap after an underscore, slash or dot. */
const breakable = (name: string): Html[] =>
  name.split(/(?<=[_/.])/).map((part, i) => (i ? html`<wbr>${part}` : html`${part}`));

/** The mark of an empty cell, which is hidden on a phone. */
const NONE = '–';

/**
 * A table whose first row is the header; empty if there are no other rows.
 * @example
 * table([['layer', 'keepProb'], ['hidden1', '0.5']])[0].text.includes('<th scope="row"'); // true
 */
export function table([head, ...rows]: readonly (readonly string[])[]): Html[] {
  if (!head || !rows.length) return [];
  const cell = (text: string, column: number): Html =>
    column
      ? html`<td data-head="${head[column] ?? ''}" class="${text === NONE ? 'none' : ''}">${unbroken(text)}</td>`
      : html`<th scope="row" data-head="${head[0] ?? ''}">${breakable(text)}</th>`;
  return [
    html`<table class="${head.length > NARROW ? 'many' : 'few'}">
<thead><tr>${head.map(text => html`<th scope="col">${text}</th>`)}</tr></thead>
<tbody>${rows.map(row => html`<tr>${row.map(cell)}</tr>`)}</tbody>
</table>`,
  ];
}

/** Replaces the colors by those of the page, which has a light and a dark mode. */
const themed = (svg: string): string =>
  Object.entries(colors).reduce((text, [name, color]) => text.replaceAll(color, `var(--${name})`), svg);

/**
 * Content that a reader can open, such as the numbers behind a picture.
 * @example
 * details('The numbers', paragraphs(['1, 2, 3'])).text; // '<details><summary>The numbers</summary><p>1, 2, 3</p></details>'
 */
export const details = (summary: string, body: readonly Html[]): Html =>
  html`<details><summary>${summary}</summary>${body}</details>`;

/**
 * One figure per panel, side by side if there is room. If a panel has `rows`, its numbers are shown below it.
 * @example
 * const panel = { title: 'One dot', options: { x: { domain: [0, 1] }, marks: [] } };
 * (await figures([panel]))[0].text.includes('<svg'); // true
 */
export async function figures(panels: readonly Panel[]): Promise<Html[]> {
  if (!panels.length) return [];
  const all: Html[] = [];
  for (const panel of panels) {
    const svg = new Html(themed(await drawPanel(panel)));
    const numbers = panel.rows ? [details('The numbers', table(panel.rows))] : [];
    all.push(html`<figure><figcaption>${panel.title ?? ''}</figcaption>${svg}${numbers}</figure>`);
  }
  return [html`<div class="figures">${all}</div>`];
}
