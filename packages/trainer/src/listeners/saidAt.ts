/** Reads what event files contain for one step: a run that resumes at the end of an epoch must not write the epoch a second time. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { naming } from './growingFile.ts';
import { type Field, fieldsOf } from './protobuf.ts';

/** Bytes of a record around its data: before them its length as 64 bits and a checksum of it, after them their checksum. */
const HEAD = 12;
const TAIL = 4;
/** We never write longer records; a longer one is garbage. */
const LONGEST = 2 ** 28;

/**
 * The tags that the event files of a folder contain for this step, as TensorBoard sees them: files are read in the order of their names, and a run that begins at
 * this step or an earlier one discards the tags before it.
 * @throws CheckpointError for files that cannot be read
 */
export function tagsSaidAt(step: number, folder: string, names: readonly string[]): Set<string> {
  const tags = new Set<string>();
  for (const name of names) {
    for (const { step: at, starts, tags: said } of eventsIn(join(folder, name))) {
      if (starts && at <= step) tags.clear();
      if (at === step) for (const tag of said) tags.add(tag);
    }
  }
  return tags;
}

/** The event files of a folder in the order in which TensorBoard reads them; none if there is no folder. */
export function eventFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter(name => name.includes('tfevents'))
      .sort();
  } catch {
    return [];
  }
}

interface Said {
  readonly step: number;
  /** Whether it marks the beginning of a run. */
  readonly starts: boolean;
  readonly tags: readonly string[];
}

/** The events of a file, up to where it is truncated. */
function* eventsIn(path: string): Generator<Said> {
  const file = naming('read', path, () => openSync(path, 'r'));
  try {
    const read = (at: number, length: number): Buffer | undefined => {
      const bytes = Buffer.alloc(length);
      return naming('read', path, () => readSync(file, bytes, 0, length, at)) === length ? bytes : undefined;
    };
    for (let at = 0; ; ) {
      const length = read(at, HEAD)?.readBigUInt64LE() ?? 0n;
      const data = length > 0 && length < LONGEST ? read(at + HEAD, Number(length)) : undefined;
      if (!data) return;
      yield saidBy(data);
      at += HEAD + data.length + TAIL;
    }
  } finally {
    closeSync(file);
  }
}

/** Fields of an Event: 2 is its step, 5 a summary of values with tags as field 1, 7 the session log. */
function saidBy(data: Uint8Array): Said {
  const fields = [...fieldsOf(data)];
  const parts = (of: readonly Field[], number: number): Uint8Array[] =>
    of.flatMap(({ field, value }) => (field === number && typeof value !== 'number' ? [value] : []));
  const step = fields.find(({ field }) => field === 2)?.value ?? 0;
  const values = parts(fields, 5).flatMap(summary => parts([...fieldsOf(summary)], 1));
  const tags = values.flatMap(value => parts([...fieldsOf(value)], 1).map(tag => new TextDecoder().decode(tag)));
  return { step: typeof step === 'number' ? step : 0, starts: parts(fields, 7).length > 0, tags };
}
