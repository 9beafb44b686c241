import { checkOptions, type OptionSpecs, option } from '@keepprob/core';
import { checkArgument } from '@keepprob/core/driver';
import { type GrowingFile, openGrowing } from './growingFile.ts';
import type { Line } from './lines.ts';
import { holds, type RunEvent, type RunListener } from './listener.ts';

/** Options of `jsonLines`. */
export interface JsonLinesOptions {
  /** Whether to write a line for each update, not only for each epoch; true by default. */
  readonly steps?: boolean;
}
/** A stream that takes text, such as `process.stdout`. */
export interface Writable {
  /** Writes a piece of text. */
  write(text: string): unknown;
}

const specs: OptionSpecs<JsonLinesOptions> = { steps: option.boolean({ fallback: true }) };
const targets = option.custom<string | Writable>('a path, or a stream with write()', value =>
  typeof value === 'string' ? value !== '' : typeof Object(value).write === 'function',
);

/** How many bytes remain valid for the run that begins: the lines before the first invalid one. */
function holding(lines: Iterable<Line>, begin: RunEvent): number {
  let kept = 0;
  for (const { text, end, isWhole } of lines) {
    if (!isWhole || !holds(parsed(text), begin)) break;
    kept = end;
  }
  return kept;
}

/** A truncated line counts as later than everything. */
function parsed(line: string): RunEvent {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return { type: 'step', epoch: 0, epochs: 0, step: Number.POSITIVE_INFINITY, logs: {} };
  }
}

/**
 * One JSON object per line for each event: `{"type":"epoch","time":…,"epoch":0,"step":469,"logs":{"cost":…}}`, with the time in seconds since 1970;
 * numbers that JSON cannot express are null. A run that begins at step 0 starts a new file; a resumed run continues it from the step where it resumes.
 * @example
 * await fit(model, { x, y }, { ...options, listeners: [jsonLines('mnist.jsonl')] });
 * jsonLines(process.stdout, { steps: false }); // a line for each epoch
 * @throws OptionError if `target` is neither a path nor a stream, and for invalid options
 */
export function jsonLines(target: string | Writable, options: JsonLinesOptions = {}): RunListener {
  checkArgument('jsonLines', 'target', targets, target);
  const { steps } = checkOptions<JsonLinesOptions>('jsonLines', specs, options);
  let file: GrowingFile | undefined;
  const close = (): void => file?.close();
  const listen = (event: RunEvent): void => {
    const { type, epoch, step, logs, stopped } = event;
    if (type === 'begin' && typeof target === 'string') {
      close();
      file = openGrowing(target, lines => (step === 0 ? 0 : holding(lines, event)));
    }
    if (type === 'step' && !steps) return;
    const line = { type, time: Date.now() / 1000, epoch, step, logs, ...(stopped !== undefined && { stopped }) };
    (file ?? (target as Writable)).write(`${JSON.stringify(line)}\n`);
  };
  return Object.assign(listen, { close });
}
