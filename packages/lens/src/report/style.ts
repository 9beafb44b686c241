/** The style of the page: one column of text, figures side by side if there is room; light, dark and print. */
import { colors } from '../finding/picture.ts';

/** The colors of pictures, plus those of the page, of highlights and of the tones of verdicts. */
const light = { ...colors, paper: '#fff', tint: '#f5f3ef', good: '#2e7d4f', open: '#946b0d' } as const;

const dark: Readonly<Record<keyof typeof light, string>> = {
  ink: '#e9e6e1',
  faint: '#a5a19a',
  rule: '#3d3b38',
  accent: '#f28b82',
  second: '#8ab8f0',
  paper: '#1b1a19',
  tint: '#262523',
  good: '#7cc79b',
  open: '#e0b354',
};

const variables = (theme: Readonly<Record<string, string>>): string =>
  Object.entries(theme)
    .map(([name, color]) => `--${name}: ${color};`)
    .join(' ');

export const style: string = `
:root { color-scheme: light dark; ${variables(light)} }
@media screen and (prefers-color-scheme: dark) { :root { ${variables(dark)} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
main { max-width: 880px; margin: 0 auto; padding: 24px 16px 64px; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 8px; }
h3 { font-size: 1rem; margin: 20px 0 4px; }
p, ol { margin: 8px 0; }
.about, .notes, figcaption { color: var(--faint); }
.notes { font-size: .875rem; }
section { border-top: 1px solid var(--rule); margin-top: 32px; padding-top: 24px; }
.verdict { font-size: 1.0625rem; padding-left: 14px; border-left: 4px solid var(--rule); margin: 0 0 16px; }
.verdict.good { border-color: var(--good); } .verdict.act { border-color: var(--accent); } .verdict.open { border-color: var(--open); }
.glance { list-style: none; margin: 24px 0 0; padding: 0; }
.glance li { display: grid; grid-template-columns: 28px 1fr; padding: 8px 0; border-top: 1px solid var(--rule); }
.glance a { color: inherit; font-weight: 600; text-decoration: none; }
.glance a:hover { text-decoration: underline; }
.glance span { display: block; }
.mark { font-weight: 700; }
.mark.good { color: var(--good); } .mark.act { color: var(--accent); } .mark.open { color: var(--open); } .mark.plain { color: var(--faint); }
pre { background: var(--tint); border-radius: 6px; padding: 12px 14px; margin: 12px 0; white-space: pre-wrap; font: .875rem/1.5 ui-monospace, Consolas, 'DejaVu Sans Mono', monospace; }
table { border-collapse: collapse; width: 100%; margin: 16px 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; overflow-wrap: normal; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--rule); font-weight: 400; }
td .number { white-space: nowrap; }
thead th { color: var(--faint); }
tbody th { font-weight: 600; min-width: 6rem; }
tbody th, td:last-child { overflow-wrap: anywhere; }
td:last-child { min-width: 5rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 24px; margin: 20px 0; }
figure { margin: 0; min-width: 0; }
figcaption { font-size: .875rem; line-height: 1.35; margin-bottom: 6px; }
details { margin: 8px 0; font-size: .875rem; }
summary { color: var(--faint); cursor: pointer; }
svg { display: block; width: 100%; max-width: 420px; height: auto; overflow: visible; }
@media screen and (max-width: 640px) {
  table.many, .many tbody, .many tr, .many td, .many tbody th { display: block; }
  .many thead { display: none; }
  .many tr { padding: 8px 0; border-bottom: 1px solid var(--rule); }
  .many td, .many tbody th { border: 0; padding: 1px 0; }
  .many td { display: grid; grid-template-columns: 8.5rem 1fr; gap: 8px; overflow-wrap: anywhere; }
  .many td.none { display: none; }
  .many td::before { content: attr(data-head); color: var(--faint); }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, h3, .verdict { break-after: avoid; }
  .verdict, p, figure, tr, pre, .glance li { break-inside: avoid; }
  .figures { grid-template-columns: 1fr 1fr; }
  table { font-size: 8.5pt; }
  a { color: inherit; }
}
`;
