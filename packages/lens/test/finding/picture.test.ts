/** Every picture is one well-formed SVG with nothing in it that is not a number, and no two labels of one line on top of each other. */
import { dropout, keepProbs } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { DOMParser } from 'linkedom';
import { beforeAll, expect, test } from 'vitest';
import { draw } from '../../src/finding/picture.ts';
import {
  checkCost,
  compare,
  diagnose,
  effectiveL2,
  type Finding,
  gradientCheck,
  showMask,
  suggestKeepProbs,
  weightSpread,
} from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { dense } = tf.layers;
const net = (name = 'a layer with a name that is far too long for a margin') =>
  tf.sequential({
    layers: [
      dense({ units: 20, activation: 'relu', inputShape: [64], name: name.replaceAll(' ', '_') }),
      dense({ units: 12, activation: 'relu', name: 'h2' }),
      dense({ units: 3, activation: 'softmax', name: 'out' }),
    ],
  });
const data = () => ({
  x: tf.randomUniform([30, 64], 0, 1, 'float32', 1),
  y: Array.from({ length: 30 }, (_, i) => i % 3),
});

const sparse = 'sparseCategoricalCrossentropy';

const findings: [string, () => Promise<Finding>][] = [
  ['suggestKeepProbs', async () => suggestKeepProbs(net())],
  ['effectiveL2', () => effectiveL2(net(), data(), { keepProbs: { h2: 0.5 }, input: 0.8 })],
  ['weightSpread', () => weightSpread(net(), data())],
  ['compare', () => compare([net(), net()], [net(), net()], { data: data() })],
  ['gradientCheck', () => gradientCheck(net(), data(), { loss: sparse, limitRows: 8 })],
  ['checkCost', () => checkCost(net(), data(), { loss: sparse, learningRate: 30, steps: 8, progress: false })],
  ['diagnose', () => diagnose({ cleanLoss: [2, 1, 0.5, 0.3, 0.2], valLoss: [2, 1.5, 1.2, 1.1, 1.1] })],
  [
    'diagnose, measured',
    () => {
      const rows = {
        x: tf.randomUniform([40, 64], 0, 1, 'float32', 2),
        y: Array.from({ length: 40 }, (_, i) => i % 3),
      };
      const how = { measure: true, seeds: 2, epochs: 1, progress: false as const };
      return diagnose({ model: net('h1'), train: rows, validation: rows, loss: sparse }, how);
    },
  ],
  ['showMask', async () => showMask(keepProbs(net(), { h2: 0.5 }, { input: 0.9, seed: 1 }), 5)],
  [
    'showMask of a net that is no chain',
    async () =>
      showMask(
        tf.sequential({
          layers: [
            tf.layers.conv1d({ filters: 8, kernelSize: 2, inputShape: [6, 1] }),
            dropout({ keepProb: 0.5, seed: 1 }),
            tf.layers.flatten(),
            dense({ units: 1 }),
          ],
        }),
        2,
      ),
  ],
];

test.each(findings)('%s', async (_, find) => {
  const svg = await (await find()).picture();
  const document = new DOMParser().parseFromString(svg, 'text/xml') as unknown as Document;
  expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
  expect(svg).not.toMatch(/NaN|undefined|Infinity|&nbsp;|href="http/);
  expect(document.querySelectorAll('text').length).toBeGreaterThan(3);
  // nested plots are drawn: marks, not frames alone
  expect(document.querySelectorAll('rect, circle, path, line').length).toBeGreaterThan(5);
});

test('long captions are wrapped, and what HTML would read as markup is escaped', async () => {
  const svg = await draw({ title: 'a & b < c', caption: 'word '.repeat(60), panels: [] });
  expect(svg).toMatch(/a &amp; b &lt; c/);
  expect(svg.match(/<text/g)).toHaveLength(1 + Math.ceil(300 / 50));
});
