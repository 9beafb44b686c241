/** docs/performance.md: each section's tables lie between two comments. */

/** The page with this section's markdown; a section that the page does not have comes at its end. */
export function placed(page: string, section: string, markdown: string): string {
  const [start, end] = [`<!-- bench:${section} -->`, `<!-- /bench:${section} -->`];
  const block = `${start}\n${markdown}\n${end}`;
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) return `${page.trimEnd()}\n\n${block}\n`;
  return page.slice(0, from) + block + page.slice(to + end.length);
}
