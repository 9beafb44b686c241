/** Reads event files by TensorBoard's own schema, with libraries that know nothing of ours: protobufjs, and SheetJS' CRC-32C. */
import crc32c from 'crc-32/crc32c.js';
import protobuf from 'protobufjs';

/** Of tensorflow/core/util/event.proto and framework/summary.proto: what we write. */
const schema = `
  syntax = "proto3";
  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what { string file_version = 3; Summary summary = 5; SessionLog session_log = 7; }
  }
  message SessionLog {
    enum SessionStatus { STATUS_UNSPECIFIED = 0; START = 1; STOP = 2; CHECKPOINT = 3; }
    SessionStatus status = 1;
  }
  message Summary {
    message Value { string tag = 1; oneof value { float simple_value = 2; HistogramProto histo = 5; } }
    repeated Value value = 1;
  }
  message HistogramProto {
    double min = 1;
    double max = 2;
    double num = 3;
    double sum = 4;
    double sum_squares = 5;
    repeated double bucket_limit = 6 [packed = true];
    repeated double bucket = 7 [packed = true];
  }
`;
const Event = protobuf.parse(schema).root.lookupType('Event');

interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly bucketLimit: number[];
  readonly bucket: number[];
}
interface Decoded {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly summary?: { readonly value: readonly { tag: string; simpleValue?: number; histo?: Histogram }[] };
  readonly sessionLog?: { readonly status: string };
}

/** As TFRecord has it: rotated right by 15, plus a constant. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The data of every TFRecord; throws where a length or a checksum is wrong. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    if (file.readUInt32LE(at + 8) !== masked(file.subarray(at, at + 8))) throw new Error(`length at ${at}`);
    const data = file.subarray(at + 12, at + 12 + length);
    if (file.readUInt32LE(at + 12 + length) !== masked(data)) throw new Error(`data at ${at}`);
    records.push(data);
    at += 16 + length;
  }
  return records;
}

export interface ReadEvent {
  readonly time: number;
  readonly step: number;
  readonly version?: string;
  readonly sessionStatus?: string;
  readonly scalars: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, Histogram>>;
}

export function eventsOf(file: Buffer): ReadEvent[] {
  return recordsOf(file).map((record): ReadEvent => {
    const { wallTime, step, fileVersion, summary, sessionLog } = Event.toObject(Event.decode(record), {
      longs: Number,
      enums: String,
      defaults: true,
    }) as Decoded;
    const values = summary?.value ?? [];
    const scalars = values.flatMap(({ tag, simpleValue: v }) => (v === undefined ? [] : [[tag, v] as const]));
    const histograms = values.flatMap(({ tag, histo }) => (histo ? [[tag, histo] as const] : []));
    return {
      time: wallTime,
      step,
      ...(fileVersion !== undefined && { version: fileVersion }),
      ...(sessionLog && { sessionStatus: sessionLog.status }),
      scalars: Object.fromEntries(scalars),
      histograms: Object.fromEntries(histograms),
    };
  });
}
