import { DOMParser } from 'linkedom';
import { expect, test } from 'vitest';
import { details, differencePanel, figures } from '../../src/page.ts';

const parsed = (html: string): Document =>
  new DOMParser().parseFromString(`<body>${html}</body>`, 'text/html') as unknown as Document;

test('a picture that has its numbers shows them on demand, and one that has none nothing', async () => {
  const panel = { title: 'One', options: { x: { domain: [0, 1] }, marks: [] } };
  const rows = [
    ['place', 'loss'],
    ['<b>', '0.3'],
  ];
  const [both] = await figures([panel, { ...panel, rows }]);
  const [plain, told] = [...parsed(both?.text ?? '').querySelectorAll('figure')];
  expect(plain?.querySelector('details')).toBeNull();
  expect(told?.querySelector('details tbody th')?.textContent).toBe('<b>');
  expect(details('a & b', []).text).toBe('<details><summary>a &amp; b</summary></details>');
});

test('a difference stands on the side that says whether it helps', async () => {
  const drawn = async (better: 'less' | 'more'): Promise<string> => {
    const [figure] = await figures([differencePanel({ title: 'd', value: -0.2, interval: [-0.3, -0.1], better })]);
    return parsed(figure?.text ?? '').querySelector('svg')?.textContent ?? '';
  };
  expect(await drawn('less')).toMatch(/← helps.*hurts →/);
  expect(await drawn('more')).toMatch(/← hurts.*helps →/);
});
