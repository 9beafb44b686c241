import { expect, test } from 'vitest';
import { readDigits } from '../scripts/digits.ts';
import { decodeDigits, encodeDigits } from '../src/scenes/digits/file.ts';

const copy = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

test('the file of digits holds 5,000 training and 2,000 validation digits of all ten kinds, none of them blank', async () => {
  const digits = await readDigits();
  const { train, validation } = decodeDigits(copy(encodeDigits(digits)));
  for (const part of ['pixels', 'labels'] as const) {
    expect(Buffer.compare(train[part], digits.train[part])).toBe(0);
    expect(Buffer.compare(validation[part], digits.validation[part])).toBe(0);
  }
  expect([train.labels.length, validation.labels.length]).toEqual([5000, 2000]);
  for (const { pixels, labels } of [train, validation]) {
    expect([...new Set(labels)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pixels.length).toBe(labels.length * 784);
    const blank = labels.filter((_, i) => !pixels.subarray(i * 784, (i + 1) * 784).some(grey => grey > 127));
    expect(blank).toHaveLength(0);
  }
});

test('labels belong to their digits: a nearest-mean reader fitted on one set reads the other', async () => {
  const { train, validation } = await readDigits();
  const means = Array.from({ length: 10 }, () => new Float64Array(785));
  train.labels.forEach((label, i) => {
    const mean = means[label]!;
    mean[784]! += 1;
    for (let p = 0; p < 784; p++) mean[p]! += train.pixels[i * 784 + p]!;
  });
  const distance = (i: number, mean: Float64Array): number => {
    let sum = 0;
    for (let p = 0; p < 784; p++) sum += (validation.pixels[i * 784 + p]! - mean[p]! / mean[784]!) ** 2;
    return sum;
  };
  const right = validation.labels.filter((label, i) => {
    const distances = means.map(mean => distance(i, mean));
    return distances.indexOf(Math.min(...distances)) === label;
  });
  // LeCun et al. 1998 report about 82 % for means of all 60,000 digits
  expect(right.length / validation.labels.length).toBeGreaterThan(0.75);
});

test('a file cut short is refused', async () => {
  const whole = copy(encodeDigits(await readDigits()));
  expect(() => decodeDigits(whole.slice(0, -1))).toThrow(
    /did not arrive whole: expected 5495020 bytes, received 5495019/,
  );
  expect(() => decodeDigits(new ArrayBuffer(3))).toThrow(/did not arrive whole/);
});
