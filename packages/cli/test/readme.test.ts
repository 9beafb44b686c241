/** The configs of the README run as they stand. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { newProject } from './support/program.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const snippet = (language: string, under = '# keepprob'): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme.slice(readme.indexOf(`${under}\n`)))?.[1] as string;

/** `npm test` trains the search for fewer epochs and draws fewer points, `npm run test:long` all of them (vitest.config.ts). */
const allCases = process.env.CASES === 'all';

/** 60 wines of three cultivars, each around a mean of its own. */
function wines(): string {
  const names = ['barolo', 'grignolino', 'barbera'];
  const row = (i: number): string => {
    const noise = (k: number) => Math.sin(12.9898 * i + 78.233 * k);
    const cultivar = i % 3;
    return [13 + cultivar + noise(1), 2 - cultivar + noise(2), names[cultivar]].join();
  };
  return ['alcohol,phenols,cultivar', ...Array.from({ length: 60 }, (_, i) => row(i))].join('\n');
}

test('in JSON', async () => {
  const project = await newProject();
  try {
    await project.write('wine.csv', wines());
    await project.write('wine.json', snippet('json'));
    const { code, out, err } = await project.run('train', 'wine.json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^best +valLoss 0\.\d+ in epoch \d+$/m);
  } finally {
    await project.remove();
  }
});

test('in JSON with spaces: a search says what the README shows, up to its numbers', async () => {
  const project = await newProject();
  try {
    await project.write('wine.csv', wines());
    const config = JSON.parse(snippet('json', '## Search'));
    const { search } = config;
    const short = { ...config, epochs: 8, search: { ...search, trials: 2, confirm: { ...search.confirm, seeds: 1 } } };
    await project.write('wine.json', allCases ? config : short);
    const { code, out, err } = await project.run('search', 'wine.json', '--workers', '2');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const words = (text: string): Set<string> =>
      new Set(text.match(/^[a-z][a-z ]{11} |^chosen:|^valLoss to expect:|^trained on all rows/gm));
    expect(words(out)).toEqual(words(snippet('text', '## Search')));
    expect(out).toMatch(/^trial 0 {6}complete {2}valLoss 0\.\d+ ± /m);
    expect(out).toMatch(/^(Regularization (helps|hurts)|It cannot be told whether regularization helps)\. /m);
  } finally {
    await project.remove();
  }
});

test('in TypeScript; the same seed gives the same weights', async () => {
  const project = await newProject({ packages: true });
  try {
    await project.write('circles.ts', snippet('ts'));
    const { code, out, err } = await project.start('train', 'circles.ts', '--seed', '5').ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/trained +10 of 10 epochs, 130 steps/);
    if (!allCases) return;
    await project.run('train', 'circles.ts', '--seed', '5', '--out', 'again');
    expect(await project.read('again/weights.bin')).toEqual(await project.read('runs/circles/weights.bin'));
  } finally {
    await project.remove();
  }
});
