/** The program on a model that it trained: the data as they were prepared for training, the curves of the log. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { config, table } from './support/circles.ts';
import { newProject, type Project } from './support/program.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write('circles.csv', table);
  await project.write('circles.json', { ...config, epochs: 4 });
  expect((await project.run('train', 'circles.json')).code).toBe(0);
});
afterAll(() => project.remove());

const MODEL = 'runs/circles/model.json';
const findingsIn = async (file: string) => JSON.parse(await project.text(file));

test('with the config of the run: its split, scaling, loss and plugins', async () => {
  const { code, out, err } = await project.run('doctor', MODEL, '--config', 'circles.json', '--json', 'a.json');
  expect(code).toBe(0);
  expect(out).toMatch(/^What regularization does to circles\n120 training rows; validation rows of their own\.\n/);
  for (const question of ['Does it underfit or overfit?', 'Does J fall?', 'How strong is dropout, as an L2?'])
    expect(out).toContain(question);
  expect(out).toMatch(/report +report\.html\n$/);
  expect(err).toMatch(/^backend +wasm.*\n(.* \d+\/\d+\n)+$/);
  expect(await project.text('report.html')).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*<\/html>\n$/);

  const { model, diagnosis, effect, cost, mask } = await findingsIn('a.json');
  expect(model.plugins).toMatchObject([{ name: 'l2', config: { strength: 1e-4 } }]);
  expect(cost.verdict).toBe('falls');
  expect(effect.cannotTell).toMatch(/not measured/);
  // as the log has it, row by row and with dropout off
  const log = (await project.text('runs/circles/log.csv')).trim().split('\n');
  const last = Object.fromEntries(log[0]!.split(',').map((name, i) => [name, Number(log.at(-1)!.split(',')[i])]));
  expect(diagnosis.validation.value).toBeCloseTo(last.valLoss!, 5);
  expect(diagnosis.train.value).toBeCloseTo(last.cleanLoss!, 5);
  expect(diagnosis.curves.validation).toHaveLength(4);
  // the last update of 4 epochs of 6
  expect(mask.step).toBe(23);
});

test('with files: columns, label, classes and scaling are those that the run left beside the model', async () => {
  const args = [
    '--data',
    'circles.csv',
    '--validation',
    'circles.csv',
    '--json',
    'b.json',
    '--out',
    'b.html',
    '--progress',
    'none',
  ];
  const { code, err } = await project.run('doctor', MODEL, ...args, '--sections', 'diagnosis,effectiveL2');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const { diagnosis, ...others } = await findingsIn('b.json');
  expect(Object.keys(others)).toEqual(['effectiveL2']);
  const whole = await findingsIn('a.json');
  // all rows: those that were trained on and those that were not, 120 and 40
  const { train, validation } = whole.diagnosis;
  expect(diagnosis.train.value).toBeCloseTo((120 * train.value + 40 * validation.value) / 160, 5);
  expect(diagnosis.validation.value).toBeCloseTo(diagnosis.train.value, 6);
});

test('with files of a model without its run: label and classes are those that are said', async () => {
  for (const name of ['model.json', 'weights.bin'])
    await project.write(name, await project.read(`runs/circles/${name}`));
  const said = ['--label', 'place', '--classes', 'inside,outside'];
  const files = ['--data', 'circles.csv', '--validation', 'circles.csv'];
  const args = [...files, ...said, '--sections', 'diagnosis', '--json', 'f.json', '--out', 'f.html'];
  const { code, err } = await project.run('doctor', 'model.json', ...args, '--progress', 'none');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect((await findingsIn('f.json')).diagnosis.train.value).toBeGreaterThan(0);
});

test('a model alone: what it alone can tell', async () => {
  const { code, out } = await project.run('doctor', MODEL, '--out', 'c.html', '--seed', '7', '--progress', 'none');
  expect(code).toBe(0);
  expect(out).toMatch(/Does J fall\?\n {2}Cannot tell\. No data were given/);
  expect(out).toMatch(/Suggested keepProb/);
});

/** 600 updates for each of four runs: that it begins and can be ended is below. */
test.runIf(process.env.CASES === 'all')('--measure trains pairs', async () => {
  const args = ['--config', 'circles.json', '--measure', '2', '--sections', 'effect', '--json', 'd.json'];
  expect((await project.run('doctor', MODEL, ...args, '--out', 'd.html')).code).toBe(0);
  const { effect } = await findingsIn('d.json');
  expect(effect).toMatchObject({ seeds: 2, rows: 40 });
  expect(['helps', 'hurts', 'cannotTell']).toContain(effect.verdict);
});

test('what is wrong ends with 2, in words, and writes nothing', async () => {
  await project.write('semicolons.csv', table.replaceAll(',', ';'));
  const wrong: [string[], RegExp][] = [
    [[], /missing required argument 'model'/],
    [['nowhere.json'], /nowhere\.json: no such file/],
    [[MODEL, '--validation', 'circles.csv'], /training rows/],
    [[MODEL, '--data', 'a', 'b', 'c'], /3 files/],
    [[MODEL, '--data', 'semicolons.csv'], /semicolons\.csv, line 1: .*; say --separator ";"/],
    [[MODEL, '--config', 'circles.json', '--data', 'circles.csv'], /leave out --data/],
    [[MODEL, '--measure', '1'], /integer ≥ 2/],
    [[MODEL, '--json', 'nowhere/numbers.json'], /--json.*a folder that is there/],
    [[MODEL, '--sections', 'cots'], /sections.*'model', 'diagnosis'/],
  ];
  for (const [args, message] of wrong) {
    const { code, err } = await project.run('doctor', ...args, '--out', 'wrong.html', '--progress', 'none');
    expect({ args, code }).toEqual({ args, code: 2 });
    expect(err).toMatch(message);
  }
  expect(existsSync(join(project.folder, 'wrong.html'))).toBe(false);
});

test('a loss that does not go with the labels is a section that cannot tell', async () => {
  const args = ['--config', 'circles.json', '--loss', 'poisson', '--sections', 'effectiveL2', '--json', 'e.json'];
  expect((await project.run('doctor', MODEL, ...args, '--out', 'e.html')).code).toBe(0);
  expect((await findingsIn('e.json')).effectiveL2.cannotTell).toMatch(/poisson/);
});

test('Ctrl-C ends it with 130 and writes nothing', async () => {
  const args = ['--config', 'circles.json', '--measure', '50', '--sections', 'effect', '--out', 'late.html'];
  const { child, ended } = project.start('doctor', MODEL, ...args);
  child.stderr?.on('data', text => String(text).includes('paired runs') && child.kill('SIGINT'));
  const { code, err } = await ended;
  expect(code).toBe(130);
  expect(err).toMatch(/interrupted/);
  expect(existsSync(join(project.folder, 'late.html'))).toBe(false);
});

test('--help names the questions and the exit codes', async () => {
  const { code, out } = await project.run('doctor', '--help');
  expect(code).toBe(0);
  expect(out).toMatch(/--measure \[pairs\][\s\S]*Exit codes: 0 the report was written/);
});
