/** That the command line takes what the page gives it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newProject, type Project } from '../../../packages/cli/test/support/program.ts';
import { readDigits } from '../scripts/digits.ts';
import { forCommandLine as ofCompose } from '../src/scenes/compose/commandLine.ts';
import { forCommandLine as ofCost } from '../src/scenes/cost/commandLine.ts';
import { params as cost } from '../src/scenes/cost/params.ts';
import { digitsCsv, forCommandLine as ofDigits } from '../src/scenes/digits/commandLine.ts';
import { params as digits } from '../src/scenes/digits/params.ts';
import { forCommandLine as ofLecture } from '../src/scenes/lecture/commandLine.ts';
import { params as lecture } from '../src/scenes/lecture/params.ts';
import { forCommandLine as ofPlane } from '../src/scenes/plane/commandLine.ts';
import { params as plane } from '../src/scenes/plane/params.ts';
import { forCommandLine as ofSearch } from '../src/scenes/search/commandLine.ts';
import { params as search } from '../src/scenes/search/params.ts';
import { forCommandLine as ofShould } from '../src/scenes/should/commandLine.ts';
import { params as should } from '../src/scenes/should/params.ts';
import type { ForCommandLine } from '../src/stage/commandLine.ts';
import { defaultsOf } from '../src/stage/params.ts';

let project: Project;
beforeEach(async () => {
  project = await newProject();
});
afterEach(() => project.remove());

/** Saves the files, and runs the command as the page says it. */
async function follow(given: ForCommandLine, ...options: string[]): Promise<string> {
  if (!('files' in given)) throw new Error(given.why);
  for (const { name, text } of given.files) await project.write(name, await text());
  const { code, out, err } = await project.run(given.command, given.files[0].name, '--progress', 'none', ...options);
  expect([code, err]).toEqual([0, '']);
  return out;
}

test.each([
  ['plane', ofPlane({ ...defaultsOf(plane), points: 30 })],
  ['lecture', ofLecture({ ...defaultsOf(lecture), keepProbInput: 0.9 })],
  ['cost', ofCost(defaultsOf(cost))],
  ['should', ofShould(defaultsOf(should))],
])('%s: keepprob train takes the config, and takes a step', async (_, given) => {
  expect(await follow(given, '--fast-dev-run')).toMatch(/inputs/);
});

test('plane: trained by it, J falls, on the same points', async () => {
  const given = ofPlane({ ...defaultsOf(plane), iterations: 30 });
  expect(await follow(given)).toMatch(/trained +30 of 30|trained +30 epochs/);
  const costs = (await project.text('runs/keepprob/log.csv'))
    .trim()
    .split('\n')
    .map(line => line.split(','));
  const at = costs[0]!.indexOf('cost');
  expect(Number(costs.at(-1)![at])).toBeLessThan(Number(costs[1]![at]));
});

test('search: keepprob search takes the config', async () => {
  const given = ofSearch({ ...defaultsOf(search), trials: 2, folds: 2, points: 60, epochs: 2, hidden: 4, fresh: 1 });
  expect(await follow(given)).toMatch(/keepProb/);
});

test('digits: each digit is a row, and keepprob train takes the config', async () => {
  const given = ofDigits(defaultsOf(digits), 'http://localhost/');
  if (!('files' in given)) throw new Error(given.why);
  const { train, validation } = await readDigits();
  await project.write('train.csv', digitsCsv(train, 60));
  await project.write('dev.csv', digitsCsv(validation, 50));
  const [, first = ''] = digitsCsv(train, 1).split('\n');
  expect(first.split(',').map(Number)).toEqual([...train.pixels.subarray(0, 784), train.labels[0]]);
  const [config] = given.files;
  const only: ForCommandLine = { ...given, files: [config] };
  expect(await follow(only, '--fast-dev-run')).toMatch(/10 units|classes/);
});

test('where it has nothing to train, the page says why', () => {
  expect(ofCompose()).toEqual({ why: expect.stringMatching(/no training/) });
});
