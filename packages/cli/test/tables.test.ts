/** From a table to predictions, as a person does it: init, train, evaluate, predict. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, newProject, type Project } from './support/program.ts';
import {
  carsTable,
  housesTable,
  irisTable,
  penguinsTable,
  wagesTable,
  weatherTable,
  wineTable,
} from './support/tables.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write('iris.csv', await irisTable());
  await project.write('penguins.csv', await penguinsTable());
  await project.write('houses.csv', housesTable());
  await project.write('cars.csv', await carsTable());
  await project.write('wages.csv', await wagesTable());
  await project.write('weather.csv', await weatherTable());
  await project.write('wine.csv', await wineTable());
});
afterAll(() => project.remove());

const quick = ['--backend', 'cpu'];
const ok = async (...args: string[]): Promise<Ended> => {
  const ended = await project.run(...args);
  expect(ended).toMatchObject({ code: 0 });
  for (const line of `${ended.out}\n${ended.err}`.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  return ended;
};

interface Journey {
  readonly name: string;
  readonly init: readonly string[];
  /** What init says. */
  readonly assumed: readonly RegExp[];
  /** What train says. */
  readonly told: readonly RegExp[];
  /** What evaluate says. */
  readonly measured: readonly RegExp[];
  readonly rows: number;
  /** Rows that are set aside; a fifth, unless the shares of classes round it. */
  readonly aside?: number;
  readonly label: string;
  /** What predict writes. */
  readonly header: string;
  readonly uncertain: string;
}

const journeys: readonly Journey[] = [
  {
    name: 'iris',
    init: [],
    assumed: [/^label +species, by its name: 3 classes \(setosa, versicolor, virginica\)$/m],
    told: [
      /^classes +setosa 50 \(33 %\), versicolor 50 \(33 %\), virginica 50 \(33 %\)$/m,
      /^split +120 rows to train, 30 /m,
    ],
    measured: [/^accuracy +\d/m, /^setosa +10 /m, /^versicolor +10 /m, /^calibration +off by /m],
    rows: 150,
    label: 'species',
    uncertain: 'entropy,mutualInformation',
    header: 'prediction,p(setosa),p(versicolor),p(virginica)',
  },
  {
    name: 'penguins',
    init: [],
    assumed: [/^words +Island \(3\), Sex \(3\)$/m, /^missing +Beak Length \(mm\) 2 \(median\)/m],
    told: [/^data +penguins\.csv: 344 rows, 6 columns as 1[01] inputs$/m, /^classes +Adelie 152 \(44 %\)/m],
    measured: [/^true ↓ said → +Adelie +Chinstrap +Gentoo$/m, /^log loss +\d/m],
    rows: 344,
    label: 'Species',
    uncertain: 'entropy,mutualInformation',
    header: 'prediction,p(Adelie),p(Chinstrap),p(Gentoo)',
  },
  {
    name: 'cars',
    init: [],
    assumed: [
      /^label +Origin, the last column: 3 classes \(Europe, Japan, USA\)$/m,
      /^missing +Miles per Gallon 8 \(median\), Horsepower 6 \(median\)$/m,
      /^hashed +Name \(\d\d % of its words in several rows, hashed to 32 inputs\)$/m,
      /^ {13}hashed are texts, and short ones where half of the words or more stand in several rows$/m,
    ],
    told: [/^data +cars\.csv: 406 rows, 8 columns as 39 inputs$/m, /^classes +USA 254 \(63 %\), Japan 79/m],
    measured: [/^accuracy +\d/m, /^log loss +\d/m],
    aside: 82,
    rows: 406,
    label: 'Origin',
    uncertain: 'entropy,mutualInformation',
    header: 'prediction,p(Europe),p(Japan),p(USA)',
  },
  {
    name: 'wine',
    init: [],
    assumed: [/^label +cultivar, the last column: 3 classes \(barbera, barolo, grignolino\)$/m],
    told: [
      /^data +wine\.csv: 178 rows, 13 inputs$/m,
      /^classes +grignolino 71 \(40 %\), barolo 59 \(33 %\), barbera 48 \(27 %\)$/m,
    ],
    measured: [/^accuracy +\d/m],
    rows: 178,
    label: 'cultivar',
    uncertain: 'entropy,mutualInformation',
    header: 'prediction,p(barbera),p(barolo),p(grignolino)',
  },
  {
    name: 'weather',
    init: [],
    assumed: [
      /^label +weather, the last column: 5 classes \(drizzle, fog, rain, snow, sun\)$/m,
      /^left out +date \(dates: write them as numbers, such as a year or days since some day\)$/m,
    ],
    told: [
      /^classes +rain 349 \(48 %\), sun 291 \(40 %\), drizzle 46 \(6\.3 %\), snow 24 \(3\.3 %\), fog 21 \(2\.9 %\)$/m,
      /^warning +class "rain" has 16\.6 times the rows of "fog"/m,
    ],
    measured: [/^accuracy +\d/m, /^snow +\d/m],
    rows: 731,
    label: 'weather',
    uncertain: 'entropy,mutualInformation',
    header: 'prediction,p(drizzle),p(fog),p(rain),p(snow),p(sun)',
  },
  {
    name: 'wages',
    init: ['--label', 'wage'],
    assumed: [/^label +wage, as --label says: a number/m],
    told: [/^split +427 rows to train, 107 to validate, drawn from all$/m],
    measured: [/^rmse +\d.*; always the mean \d/m],
    rows: 534,
    label: 'wage',
    uncertain: 'sd,low,high',
    header: 'prediction',
  },
  {
    name: 'houses',
    init: ['--label', 'price'],
    assumed: [
      /^left out +id \(a name of the row\), sold \(dates: /m,
      /^hashed +text \(\d\d % of its words in several rows, hashed to 32 inputs\)$/m,
      /^label +price, as --label says: a number/m,
    ],
    told: [/^split +96 rows to train, 24 to validate, drawn from all$/m],
    measured: [/^rmse +\d.*; always the mean \d/m, /^R² +-?\d/m],
    rows: 120,
    label: 'price',
    uncertain: 'sd,low,high',
    header: 'prediction',
  },
];

describe.each(journeys)('$name', ({ name, init, aside, assumed, told, measured, rows, label, header, uncertain }) => {
  const model = `runs/${name}/model.json`;

  test('init writes a config and says what it assumed', async () => {
    const { out } = await ok('init', `${name}.csv`, ...init);
    for (const line of assumed) expect(out).toMatch(line);
    expect(out).toMatch(new RegExp(`^next +npx keepprob train ${name}\\.json$`, 'm'));
  });

  test('train takes it as it stands, and says what the data are', async () => {
    const { out } = await ok('train', `${name}.json`, '--epochs', '2', '--progress', 'lines', ...quick);
    for (const line of told) expect(out).toMatch(line);
    expect(out).toMatch(/^ {13}(accuracy|mae) [\d.]+ in training, [\d.]+ in validation$/m);
    expect(out).toContain(`next         npx keepprob evaluate ${model} --config ${name}.json`);
  });

  test('evaluate measures the validation rows', async () => {
    const { out } = await ok('evaluate', model, '--config', `${name}.json`, '--json', `${name}-scores.json`, ...quick);
    for (const line of measured) expect(out).toMatch(line);
    const [scores] = JSON.parse(await project.text(`${name}-scores.json`));
    expect(scores.rows).toBe(aside ?? Math.round(rows / 5));
  });

  test('predict answers each row, and is as right as evaluate says', async () => {
    const scores = `${name}-all.json`;
    await ok('evaluate', model, '--data', `${name}.csv`, '--json', scores, ...quick);
    await ok('predict', model, `${name}.csv`, '--out', `${name}-said.csv`, '--keep', label, ...quick);
    const [names, ...said] = (await project.text(`${name}-said.csv`))
      .trim()
      .split('\n')
      .map(line => line.split(','));
    expect(names?.join()).toBe(`${label},${header}`);
    expect(said).toHaveLength(rows);
    const [{ accuracy, rmse }] = JSON.parse(await project.text(scores));
    const mean = (f: (actual: string, said: string) => number): number =>
      said.reduce((sum, [actual = '', prediction = '']) => sum + f(actual, prediction), 0) / rows;
    if (accuracy) expect(mean((actual, prediction) => Number(actual === prediction))).toBeCloseTo(accuracy.value, 9);
    else expect(Math.sqrt(mean((a, b) => (Number(a) - Number(b)) ** 2)) / rmse.value).toBeCloseTo(1, 4);
  });

  test('--passes adds what the passes disagree on; a seed gives the same again', async () => {
    const passes = async (seed: string): Promise<string> =>
      (await ok('predict', model, `${name}.csv`, '--passes', '4', '--seed', seed, ...quick)).out;
    const [once, again, other] = [await passes('1'), await passes('1'), await passes('2')];
    expect(once.split('\n')[0]).toBe(`${header},${uncertain}`);
    expect(once.trim().split('\n')).toHaveLength(1 + rows);
    expect(again).toBe(once);
    expect(other).not.toBe(once);
  });
});
