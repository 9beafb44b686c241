/** The page: the verdicts at a glance, the sections, and the open questions. A single file without network requests or scripts. */
import { Html, html } from './html.ts';
import type { Answer, Tone } from './section.ts';
import { style } from './style.ts';

/** A section with its answer. */
export interface Answered extends Pick<Answer, 'verdict' | 'tone' | 'body'> {
  /** Its id on the page. */
  readonly name: string;
  /** Its heading. */
  readonly question: string;
  /** What could not be determined, in whole sentences. */
  readonly unknown: readonly string[];
}

/** The content of a page. */
export interface Page {
  /** Its heading. */
  readonly title: string;
  /** What was examined, in one line. */
  readonly about: string;
  /** The sections from top to bottom; the page starts with their verdicts. */
  readonly sections: readonly Answered[];
  /** Questions that were not asked. */
  readonly leftOut: readonly string[];
}

const marks: Readonly<Record<Tone, readonly [sign: string, meaning: string]>> = {
  good: ['✓', 'as it should be'],
  act: ['!', 'something to do'],
  open: ['?', 'cannot tell'],
  plain: ['·', 'a fact'],
};

const glance = (sections: readonly Answered[]): Html => {
  const line = ({ name, question, verdict, tone }: Answered): Html => {
    const [sign, meaning] = marks[tone];
    return html`<li><span class="mark ${tone}" title="${meaning}" aria-label="${meaning}">${sign}</span><div><a href="#${name}">${question}</a><span>${verdict}</span></div></li>`;
  };
  return html`<ul class="glance">${sections.map(line)}</ul>`;
};

const section = ({ name, question, verdict, tone, body }: Answered): Html => html`
<section id="${name}">
<h2>${question}</h2>
<p class="verdict ${tone}">${verdict}</p>
${body}
</section>`;

function unknowns({ sections, leftOut }: Page): Html {
  const lines = sections.flatMap(({ question, unknown }) =>
    unknown.map(why => html`<li><strong>${question}</strong> ${why}</li>`),
  );
  const out = leftOut.length ? [html`<li><strong>Not asked:</strong> ${leftOut.join(' ')}</li>`] : [];
  return html`
<section id="unknown">
<h2>What could not be told, and why</h2>
${lines.length + out.length ? html`<ul>${lines}${out}</ul>` : html`<p>Every question had an answer.</p>`}
</section>`;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The page as one HTML file without scripts, readable in light and dark mode, on a phone and in print.
 * @example
 * const section = { name: 'sum', question: 'What is 1 + 1?', verdict: '2.', tone: 'plain', body: paragraphs(['By addition.']), unknown: [] };
 * const page = htmlOf({ title: 'Sums', about: 'One question.', sections: [section], leftOut: [] });
 * page.startsWith('<!doctype html>'); // true
 */
export function htmlOf(page: Page): string {
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${page.title}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
<h1>${page.title}</h1>
<p class="about">${page.about}</p>
${glance(page.sections)}
${page.sections.map(section)}
${unknowns(page)}
</main>
</body>
</html>
`;
  return text;
}

/**
 * The page for a terminal: the verdicts, and what could not be determined.
 * @example
 * const section = { name: 'sum', question: 'What is 1 + 1?', verdict: '2.', tone: 'plain', body: [], unknown: [] };
 * textOf({ title: 'Sums', about: '', sections: [section], leftOut: [] }); // 'Sums\n\n\n· What is 1 + 1?\n  2.'
 */
export function textOf({ title, about, sections, leftOut }: Page): string {
  const verdicts = sections.map(({ question, verdict, tone }) => `${marks[tone][0]} ${question}\n  ${verdict}`);
  const unknown = sections.flatMap(s => s.unknown.map(why => `  ${s.question} ${why}`));
  const out = leftOut.length ? [`  Not asked: ${leftOut.join(' ')}`] : [];
  const told = unknown.length + out.length ? ['What could not be told, and why', ...unknown, ...out] : [];
  return [title, about, '', ...verdicts, ...(told.length ? ['', ...told] : [])].join('\n');
}
