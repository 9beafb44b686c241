/**
 * TensorBoard's event files: TFRecords of Event messages (tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto and
 * tensorflow/core/framework/summary.proto of TensorFlow 2; the numbers below are those of their fields).
 */
import { crc32c } from '../checkpoint/crc32c.ts';
import type { Histogram } from './histogram.ts';
import { concat, double, doubles, float, integer, message, text } from './protobuf.ts';

/** A checksum of data that contain checksums is weak, so it is rotated and offset. */
export const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

const littleEndian = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);

/** Length as 64 bits, its checksum, the data, their checksum. */
export function tfRecord(data: Uint8Array): Uint8Array {
  const length = concat([littleEndian(data.length), littleEndian(0)]);
  return concat([length, littleEndian(masked(crc32c(length))), data, littleEndian(masked(crc32c(data)))]);
}

/** When and where in the run: seconds since 1970, updates done. */
export interface When {
  readonly time: number;
  readonly step: number;
}
/** A number or a distribution with its tag; tags with the same first part are shown together. */
export type Summary = readonly [tag: string, value: number | Histogram];

/** A step that is not written is read as zero. */
const event = ({ time, step }: When, ...fields: readonly Uint8Array[]): Uint8Array =>
  tfRecord(concat([double(1, time), ...(step ? [integer(2, step)] : []), ...fields]));

/** The first record of a file. */
export const versionEvent = (time: number): Uint8Array => event({ time, step: 0 }, text(3, 'brain.Event:2'));

/** Marks the beginning of a run at `step`: what earlier files contain for it and for later steps is no longer valid. */
export const startEvent = (when: When): Uint8Array => event(when, message(7, integer(1, 1)));

export const summaryEvent = (when: When, summaries: readonly Summary[]): Uint8Array =>
  event(when, message(5, ...summaries.map(([tag, value]) => message(1, text(1, tag), valueField(value)))));

function valueField(value: number | Histogram): Uint8Array {
  if (typeof value === 'number') return float(2, value);
  const { min, max, count, sum, sumOfSquares, limits, counts } = value;
  const numbers = [min, max, count, sum, sumOfSquares].map((v, i) => double(i + 1, v));
  return message(5, ...numbers, doubles(6, limits), doubles(7, counts));
}
