/** What event files say of one step: a run that resumes at the end of an epoch must not say the epoch a second time. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { naming } from './growingFile.ts';
import { type Field, fieldsOf } from './protobuf.ts';

/** Of a record: its length as 64 bits and a checksum of it before the data, a checksum of these behind. */
const HEAD = 12;
const TAIL = 4;
/** Nothing that we write is larger; a longer one is garbage. */
const LONGEST = 2 ** 28;

/**
 * The tags that the event files of a folder have at this step, as TensorBoard sees it: read in the order of their names, and forgetting what a run that begins
 * at an earlier step, or at this one, says again.
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

/** The event files of a folder in the order in which TensorBoard reads them; none where there is no folder. */
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
  /** Whether a run begins. */
  readonly starts: boolean;
  readonly tags: readonly string[];
}

/** The events of a file up to where it is cut. */
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

/** Fields of an Event: 2 its step, 5 a summary of values with tags as field 1, 7 the log of sessions. */
function saidBy(data: Uint8Array): Said {
  const fields = [...fieldsOf(data)];
  const parts = (of: readonly Field[], number: number): Uint8Array[] =>
    of.flatMap(({ field, value }) => (field === number && typeof value !== 'number' ? [value] : []));
  const step = fields.find(({ field }) => field === 2)?.value ?? 0;
  const values = parts(fields, 5).flatMap(summary => parts([...fieldsOf(summary)], 1));
  const tags = values.flatMap(value => parts([...fieldsOf(value)], 1).map(tag => new TextDecoder().decode(tag)));
  return { step: typeof step === 'number' ? step : 0, starts: parts(fields, 7).length > 0, tags };
}
