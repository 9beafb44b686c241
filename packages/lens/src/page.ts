/** The building blocks of the lens' report and pictures, for reports of other packages: a page without network requests or scripts, and its figures. */
export { type DrawnDifference, differencePanel } from './finding/differencePanel.ts';
export { type HeatMapOptions, heatMap, type Matrix } from './finding/heatMap.ts';
export { clipped, colors, draw, type Figure, nameMargin, type Panel } from './finding/picture.ts';
export { short, withError } from './finding/terminal.ts';
export { type Given, type Html, html } from './report/html.ts';
export { type Answered, htmlOf, type Page, textOf } from './report/page.ts';
export { code, details, figures, notes, paragraphs, table } from './report/parts.ts';
export type { Tone } from './report/section.ts';
