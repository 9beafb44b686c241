/** Feature maps: where their channels are, and how many axes they have. */
import { OptionError, option } from '@keepprob/core';
import type { NoiseShape } from '@keepprob/core/layers';

/** Where the channels of a feature map are: on the last axis, or on the first one after the batch axis. */
export type DataFormat = 'channelsLast' | 'channelsFirst';

export const dataFormatOption = option.oneOf<DataFormat>(['channelsLast', 'channelsFirst'], {
  fallback: 'channelsLast',
});

/** @throws OptionError where the input has other than these ranks, the batch axis included */
export function checkRank(owner: string, shape: readonly unknown[], ranks: readonly number[]): void {
  if (!ranks.includes(shape.length)) {
    const expected = `rank ${ranks.join(' or ')}, the batch axis included`;
    throw OptionError.of(owner, 'inputShape', expected, shape.map(String));
  }
}

/** One draw for each sample and channel: [null, 1, …, null], or [null, null, 1, …]. */
export function channelNoiseShape(rank: number, dataFormat: DataFormat): NoiseShape {
  const channels = dataFormat === 'channelsLast' ? rank - 1 : 1;
  return Array.from({ length: rank }, (_, axis) => (axis === 0 || axis === channels ? null : 1));
}

/** The same for an input of this shape, as `noise` says it. */
export const channelNoise = (
  input: readonly unknown[],
  { dataFormat }: { readonly dataFormat: DataFormat },
): NoiseShape => channelNoiseShape(input.length, dataFormat);
