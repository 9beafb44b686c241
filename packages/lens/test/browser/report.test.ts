/// <reference types="vite/client" />
/** The report as a browser shows it: on a phone, on a screen, in print; every question asked in the browser itself. */
import { dropout, keepProbs, spatialDropout2D } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import type {} from '@vitest/browser-playwright';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cdp } from 'vitest/browser';
import {
  checkCost,
  compare,
  diagnose,
  effectiveL2,
  type Finding,
  findLearningRate,
  gradientCheck,
  type ReportOptions,
  report,
  showMask,
  suggestKeepProbs,
  weightSpread,
} from '../../src/index.ts';
import { WrongSlope } from '../support/broken.ts';
import { glorot, loss } from '../support/nets.ts';
import { clipped, cramped, marks, type Opened, open, overflowing, overlapping } from './layout.ts';

const { dense } = tf.layers;

/** Images of one bright row, and which row it is. */
function rows(count: number, seed: number): { x: tf.Tensor2D; y: tf.Tensor2D } {
  return tf.tidy(() => {
    const place = tf.floor(tf.randomUniform([count], 0, 4, 'float32', seed)) as tf.Tensor1D;
    const bright = tf.tile(tf.reshape(tf.oneHot(tf.cast(place, 'int32'), 4), [count, 4, 1]), [1, 2, 8]);
    const x = tf.add(tf.reshape(bright, [count, 64]), tf.randomNormal([count, 64], 0, 0.6, 'float32', seed + 1));
    return {
      x: tf.keep(x as tf.Tensor2D),
      y: tf.keep(tf.cast(tf.oneHot(tf.cast(place, 'int32'), 4), 'float32') as tf.Tensor2D),
    };
  });
}

const net = (names = ['hidden1', 'hidden2', 'output']): tf.LayersModel =>
  keepProbs(
    tf.sequential({
      layers: [
        dense({ units: 24, activation: 'relu', inputShape: [64], name: names[0]!, ...glorot(1) }),
        dense({ units: 16, activation: 'relu', name: names[1]!, ...glorot(2) }),
        dense({ units: 4, activation: 'softmax', name: names[2]!, ...glorot(3) }),
      ],
    }),
    { [names[0]!]: 0.5, [names[1]!]: 0.7 },
    { input: 0.9 },
  );

async function trained(model: tf.LayersModel): Promise<string> {
  const [data, validation, plugins] = [rows(120, 1), rows(120, 5), [l2(1e-3)]];
  const run = await fit(model, data, {
    ...{ loss, optimizer: tf.train.adam(0.005), epochs: 8, batchSize: 20, seed: 3, plugins },
    ...{ validation: validation, metrics: ['accuracy'], progress: false },
  });
  return html(model, data, { validation, run, plugins, measure: { seeds: 2, epochs: 2 } });
}

const html = async (model: tf.LayersModel, data: object | null, options: ReportOptions = {}): Promise<string> =>
  (await report(model, data as never, { progress: false, ...options })).html;

const long = ['a_first_layer_with_a_name_that_nobody_would_want_to_read_in_a_margin', 'x'.repeat(90), 'out'];
const isLong = import.meta.env.CASES === 'all';
const pages: [string, () => Promise<string>][] = [
  ['a trained net', () => trained(net())],
  // `npm run test:long` trains it, too
  ['names that are far too long', () => (isLong ? trained(net(long)) : html(net(long), rows(40, 1)))],
  ['a model alone', () => html(net(), null)],
  [
    'a net that is no chain, with a frozen mask',
    () => {
      const { x, y } = rows(40, 1);
      const conv = tf.sequential({
        layers: [
          tf.layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 1], ...glorot(1) }),
          spatialDropout2D({ keepProb: 0.8, seed: 1 }),
          tf.layers.flatten(),
          tf.layers.dropout({ rate: 0.5, seed: 1 }),
          dense({ units: 4, activation: 'softmax', ...glorot(2) }),
        ],
      });
      return html(conv, { x: tf.reshape(x, [40, 8, 8, 1]), y });
    },
  ],
  [
    'seven layers, and a wrong gradient',
    () => {
      const hidden = Array.from({ length: 4 }, (_, i) => dense({ units: 8, activation: 'relu', ...glorot(i + 2) }));
      const model = tf.sequential({
        layers: [
          dense({ units: 8, inputShape: [64], ...glorot(1) }),
          ...hidden,
          new WrongSlope(2),
          dropout({ keepProb: 0.5, seed: 1 }),
          dense({ units: 4, activation: 'softmax', ...glorot(9) }),
        ],
      });
      return html(model, rows(40, 1));
    },
  ],
];

const made = new Map<string, string>();
beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const [name, make] of pages) made.set(name, await make());
});

let shown: Opened | undefined;
afterEach(async () => {
  shown?.close();
  await cdp().send('Emulation.setEmulatedMedia', { media: '' });
});

const views: [string, number, string][] = [
  ['a phone', 390, 'screen'],
  ['a small phone', 320, 'screen'],
  ['a tablet', 700, 'screen'],
  ['a screen', 1280, 'screen'],
  ['paper, A4 between its margins', 688, 'print'],
];

describe.each(pages.map(([name]) => name))('%s', name => {
  test.each(views)('on %s', async (_, width, media) => {
    await cdp().send('Emulation.setEmulatedMedia', { media });
    shown = await open(made.get(name) as string, width);
    const page = shown.document;
    expect(page.defaultView?.matchMedia('print').matches).toBe(media === 'print');
    expect(overflowing(page)).toEqual([]);
    expect(cramped(page)).toEqual([]);
    const drawings = [...page.querySelectorAll('figure svg')];
    expect(drawings.length).toBeGreaterThan(2);
    for (const svg of drawings) {
      const title = svg.parentElement?.querySelector('figcaption')?.textContent;
      expect({ title, overlapping: overlapping(svg) }).toEqual({ title, overlapping: [] });
      expect({ title, clipped: clipped(svg) }).toEqual({ title, clipped: [] });
      expect({ title, drawn: marks(svg) > 0 }).toEqual({ title, drawn: true });
    }
  });
});

test('two figures stand side by side where there is room, and one on a phone; text is never small', async () => {
  const columns = async (width: number): Promise<number> => {
    const { document: page, close } = await open(made.get('a trained net') as string, width);
    const lefts = [...page.querySelectorAll('#effectiveL2 figure')].map(f =>
      Math.round(f.getBoundingClientRect().left),
    );
    const sizes = [...page.querySelectorAll('figure svg')].map(
      svg => (12 * svg.getBoundingClientRect().width) / Number(svg.getAttribute('width')),
    );
    expect(Math.min(...sizes)).toBeGreaterThan(9.5);
    close();
    return new Set(lefts).size;
  };
  expect([await columns(390), await columns(1280)]).toEqual([1, 2]);
});

describe('pictures of their own', () => {
  const data = () => rows(60, 1);
  const findings: [string, () => Promise<Finding>][] = [
    ['suggestKeepProbs', async () => suggestKeepProbs(net(long))],
    ['effectiveL2', () => effectiveL2(net(), data())],
    ['weightSpread', () => weightSpread(net(long), data())],
    ['compare', () => compare([net(), net()], [net(), net()], { data: data() })],
    ['showMask', async () => showMask(net(), 20, { seed: 1 })],
    ['checkCost', () => checkCost(net(), data(), { steps: 20, progress: false })],
    [
      'checkCost at a learning rate too high',
      () => checkCost(net(), data(), { steps: 20, learningRate: 50, progress: false }),
    ],
    ['gradientCheck', () => gradientCheck(net(), data())],
    ['findLearningRate', () => findLearningRate(net(), data(), { loss, steps: 40 })],
    ['diagnose', () => diagnose({ model: net(), train: data(), validation: rows(60, 9) }, { progress: false })],
  ];
  test.each(findings)('%s', async (_, find) => {
    const svg = await (await find()).picture();
    shown = await open(`<body style="margin:0">${svg}</body>`, 400);
    const drawing = shown.document.querySelector('svg') as Element;
    expect(overlapping(drawing)).toEqual([]);
    expect(clipped(drawing)).toEqual([]);
    expect(marks(drawing)).toBeGreaterThan(0);
  });
});
