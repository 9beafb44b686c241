/** Searches that are ended before their end, and go on. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config } from '../support/iris.ts';
import { type Ended, type Project, until } from '../support/program.ts';
import { type Searches, searchedProject, verdict } from '../support/searches.ts';

let project: Project;
let searches: Searches;
let calm: Ended;
beforeAll(async () => {
  ({ project, searches, calm } = await searchedProject());
});
afterAll(() => project.remove());

const json = async (name: string) => JSON.parse(await project.text(name));

describe('a search that is ended', () => {
  test('by SIGKILL goes on with --resume to what a calm one comes to', async () => {
    const { child, ended } = searches.start('iris.json', '--out', 'killed');
    await until(async () => (await searches.units('killed')) >= 4);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    const { code, out } = await searches.start('iris.json', '--out', 'killed', '--resume').ended;
    expect(code).toBe(0);
    expect(verdict(out)).toBe(verdict(calm.out));
    expect(await searches.journal('killed')).toEqual(await searches.journal('calm'));
    expect(await project.read('killed/weights.bin')).toEqual(await project.read('calm/weights.bin'));
  });

  test('by SIGINT loses nothing, can be asked what it has, and says how to go on', async () => {
    const { child, ended } = searches.start('iris.json', '--out', 'cut here');
    await until(async () => (await searches.units('cut here')) >= 7);
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/interrupted: what is measured is saved/);
    const [, line] = out.match(/^continue +npx keepprob (.+)$/m) ?? [];
    expect(line).toBe('search iris.json --resume --workers 2 --out "cut here" --backend cpu --progress lines');
    expect(existsSync(join(project.folder, 'cut here/best.json'))).toBe(false);
    const kept = await searches.units('cut here');

    const soFar = await searches.report('cut here');
    expect(soFar.code).toBe(0);
    expect(soFar.out).toMatch(/the search is not over\. The best so far is trial \d, valLoss \d/);
    expect(await searches.units('cut here')).toBe(kept);
    expect(await project.text('cut here/report.html')).toContain('Does regularization help here?');

    const words = line?.match(/"[^"]*"|\S+/g)?.map(word => word.replaceAll('"', '')) ?? [];
    const resumed = await project.start(...words).ended;
    expect(verdict(resumed.out)).toBe(verdict(calm.out));
    expect(await searches.journal('cut here')).toEqual(await searches.journal('calm'));
  });

  test('before a trial is complete says so', async () => {
    await project.write('long.json', { ...config, epochs: 100_000, plugins: [] });
    const { child, ended } = searches.start('long.json', '--out', 'early');
    await until(async () => (await project.text('early/journal.log')).includes('keepprob:point'));
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect(code).toBe(130);
    expect(out).toMatch(/No trial is complete yet\.\n\ncontinue/);
    expect((await searches.report('early')).out).toMatch(/No trial is complete yet\./);
  });
});

test('whoever reads its output may leave: what there is to do is done', async () => {
  const { child, ended } = searches.start('iris.json', '--out', 'unread');
  child.stdout?.once('data', () => child.stdout?.destroy());
  expect(await ended).toMatchObject({ code: 0, signal: null });
  expect(await json('unread/best.json')).toEqual(await json('calm/best.json'));
});

test('rows of data.validation are set aside, and stay so in the config to train', async () => {
  await project.write('aside.json', { ...config, data: { ...config.data, validation: 0.2 } });
  const { code, out } = await searches.start('aside.json', '--out', 'aside', '--trials', '2', '--seed', '3').ended;
  expect(code).toBe(0);
  expect(out).toMatch(/^rows +36 in 3 folds; 9 more, of data\.validation, are not looked at$/m);
  expect((await json('aside/best.json')).data.validation).toBe(0.2);
  expect((await json('aside/found.json')).seed).toBe(3);
});

test('training that fails three times says so, and exits with 1', async () => {
  const optimizer = { name: 'sgd', learningRate: { space: 'float', low: 1e29, high: 1e30 } };
  await project.write('far.json', {
    ...config,
    optimizer,
    plugins: [],
    loss: 'meanSquaredError',
    search: { trials: 6 },
  });
  const { code, err } = await searches.run('far.json', '--out', 'far');
  expect(err).toMatch(/^3 trials in a row failed for the same reason/m);
  expect(code).toBe(1);
});
