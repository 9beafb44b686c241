export { type Cars, carFeatures, cars } from './cars.ts';
export { type DigitsOptions, digits, loadDigits } from './digits.ts';
export { type Idx, parseIdx } from './idx.ts';
export {
  choose,
  type Digits,
  loadMnist,
  type MnistOptions,
  mnist,
  pick,
  type RawDigits,
  type Shaped,
  toDigits,
} from './mnist.ts';
