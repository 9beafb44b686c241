/** Reads event files without any of the code that writes them. */

/** CRC-32C bit by bit, masked. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  crc = ~crc >>> 0;
  return Number(((BigInt(crc >>> 15) | ((BigInt(crc) << 17n) & 0xffffffffn)) + 0xa282ead8n) & 0xffffffffn);
}

/** The data of every TFRecord; throws where a length or a checksum is wrong. */
export function recordsOf(file: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    if (file.readUInt32LE(at + 8) !== maskedCrc(file.subarray(at, at + 8))) throw new Error(`length at ${at}`);
    const data = file.subarray(at + 12, at + 12 + length);
    if (file.readUInt32LE(at + 12 + length) !== maskedCrc(data)) throw new Error(`data at ${at}`);
    records.push(data);
    at += 16 + length;
  }
  return records;
}

/** A protobuf message as its fields: bytes as they are, numbers by wire type. */
export function fieldsOf(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    let [value, shift] = [0n, 0n];
    for (; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new Error('cut');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const byWire: Record<number, () => number | Buffer> = {
    0: varint,
    1: () => take(8).readDoubleLE(),
    2: () => take(varint()),
    5: () => take(4).readFloatLE(),
  };
  while (at < bytes.length) {
    const key = varint();
    const value = byWire[key & 7]!();
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

const doublesOf = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length / 8 }, (_, i) => bytes.readDoubleLE(8 * i));

export interface ReadEvent {
  readonly time: number;
  readonly step: number;
  readonly version?: string;
  readonly sessionStatus?: number;
  readonly scalars: Readonly<Record<string, number>>;
  readonly histograms: Readonly<Record<string, { numbers: number[]; limits: number[]; counts: number[] }>>;
}

/** Field numbers of event.proto and summary.proto. */
export function eventsOf(file: Buffer): ReadEvent[] {
  return recordsOf(file).map((record): ReadEvent => {
    const event = fieldsOf(record);
    const scalars: Record<string, number> = {};
    const histograms: Record<string, { numbers: number[]; limits: number[]; counts: number[] }> = {};
    const summary = event.get(5)?.[0] as Buffer | undefined;
    for (const value of (summary && fieldsOf(summary).get(1)) ?? []) {
      const fields = fieldsOf(value as Buffer);
      const tag = (fields.get(1)![0] as Buffer).toString();
      if (fields.has(2)) scalars[tag] = fields.get(2)![0] as number;
      if (!fields.has(5)) continue;
      const histogram = fieldsOf(fields.get(5)![0] as Buffer);
      histograms[tag] = {
        numbers: [1, 2, 3, 4, 5].map(field => histogram.get(field)![0] as number),
        limits: doublesOf(histogram.get(6)![0] as Buffer),
        counts: doublesOf(histogram.get(7)![0] as Buffer),
      };
    }
    const version = (event.get(3)?.[0] as Buffer | undefined)?.toString();
    const session = event.get(7)?.[0] as Buffer | undefined;
    return {
      time: event.get(1)![0] as number,
      step: (event.get(2)?.[0] as number | undefined) ?? 0,
      ...(version !== undefined && { version }),
      ...(session && { sessionStatus: fieldsOf(session).get(1)![0] as number }),
      scalars,
      histograms,
    };
  });
}
