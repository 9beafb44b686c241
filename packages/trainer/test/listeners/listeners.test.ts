/** JSON lines and CSV: what a run says, and that a run stopped and resumed says it once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { csv, csvLine, csvRecords } from '../../src/listeners/csv.ts';
import { jsonLines } from '../../src/listeners/jsonLines.ts';
import type { RunEvent, RunListener } from '../../src/listeners/listener.ts';

let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keepprob-listeners-'));
  file = join(directory, 'made', 'run.txt');
  vi.spyOn(Date, 'now').mockReturnValue(1_500);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});
const written = (): string => readFileSync(file, 'utf8');

const STEPS = 3;
const EPOCHS = 3;
/** Events of a run from update `from` in epoch `epoch` to its end. */
function* events(from = 0, epoch = 0): Generator<RunEvent> {
  const event = (type: RunEvent['type'], at: number, step: number, logs: RunEvent['logs'] = {}): RunEvent => ({
    type,
    epoch: at,
    epochs: EPOCHS,
    step,
    logs,
  });
  yield event('begin', epoch, from);
  let step = from;
  for (let e = epoch; e < EPOCHS; e++) {
    while (step < STEPS * (e + 1)) {
      step++;
      yield event('step', e, step, { cost: 1 / step });
    }
    yield event('epoch', e, step, { loss: 1 / step, 'accuracy, "top 5"': step / 10 });
  }
  yield event('end', EPOCHS, step);
}
async function listen(listener: RunListener, said: Iterable<RunEvent>): Promise<void> {
  for (const event of said) await listener(event);
  await listener.close?.();
}

test('JSON lines: one object for each event', async () => {
  await listen(jsonLines(file), [...events()].slice(0, 2));
  await listen(jsonLines(file), [...events()].slice(0, 2)); // begun anew
  expect(written()).toBe(
    '{"type":"begin","time":1.5,"epoch":0,"step":0,"logs":{}}\n' +
      '{"type":"step","time":1.5,"epoch":0,"step":1,"logs":{"cost":1}}\n',
  );
});

test('JSON lines: to a stream, epochs alone, the reason why it stopped; NaN is null', async () => {
  let text = '';
  const [begin] = events();
  const listener = jsonLines({ write: (line: string) => (text += line) }, { steps: false });
  await listen(listener, [
    begin!,
    { ...begin!, type: 'step', step: 1 },
    { ...begin!, type: 'epoch', step: 1, logs: { loss: Number.NaN } },
    { ...begin!, type: 'end', stopped: 'aborted' },
  ]);
  expect(text.split('\n').slice(1, -1)).toEqual([
    '{"type":"epoch","time":1.5,"epoch":0,"step":1,"logs":{"loss":null}}',
    '{"type":"end","time":1.5,"epoch":0,"step":0,"logs":{},"stopped":"aborted"}',
  ]);
});

test('CSV: a row for each epoch, fields quoted where they must be', async () => {
  await listen(csv(file), events());
  expect(written()).toBe(
    `epoch,step,loss,"accuracy, ""top 5"""\n0,3,${1 / 3},0.3\n1,6,${1 / 6},0.6\n2,9,${1 / 9},0.9\n`,
  );
});

test('CSV: the first epoch fixes the columns', async () => {
  const [begin] = events();
  const epoch = (at: number, logs: RunEvent['logs']): RunEvent => ({ ...begin!, type: 'epoch', epoch: at, logs });
  const said = [epoch(0, { a: 1, b: Number.NaN }), epoch(1, { b: 2, c: 3 })];
  await listen(csv(file), [begin!, ...said]);
  expect(written()).toBe('epoch,step,a,b\n0,0,1,NaN\n1,0,,2\n');
});

/** Killed when so many events were said; resumed from a checkpoint that was written after one of them. */
const stops = fc
  .tuple(fc.nat(STEPS * EPOCHS + EPOCHS), fc.nat(STEPS * EPOCHS + EPOCHS))
  .map(([a, b]) => ({ saved: Math.min(a, b), killed: Math.max(a, b) + 1 }));

test.each<[string, (path: string) => RunListener, (text: string) => string]>([
  ['CSV', csv, text => text],
  // that it began again is said
  ['JSON lines', jsonLines, text => text.replace(/(?<=\n)\{"type":"begin".*\n/g, '')],
])('%s: a run killed and resumed anywhere says what the whole run says', async (_, make, whole) => {
  await listen(make(file), events());
  const expected = written();
  await fc.assert(
    fc.asyncProperty(stops, fc.nat(40), async ({ killed, saved }, more) => {
      await listen(make(file), [...events()].slice(0, killed));
      // a kill may leave half a line
      const { length } = written();
      writeFileSync(file, written() + expected.slice(length, length + more));
      const { type, step, epoch } = [...events()][saved]!;
      await listen(make(file), events(step, type === 'epoch' ? epoch + 1 : epoch));
      expect(whole(written())).toBe(expected);
    }),
  );
});

test('CSV: a run that resumes leaves other tables alone', async () => {
  await listen(csv(file), [...events()].slice(0, 2));
  writeFileSync(file, 'date,price\n1,2\n');
  await expect(listen(csv(file), events(3, 1))).rejects.toThrow(/a table that begins with epoch,step/);
  expect(written()).toBe('date,price\n1,2\n');
});

test('CSV: any fields come back', () => {
  const fields = fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') }), { minLength: 1 });
  fc.assert(
    fc.property(fc.array(fields), records => {
      const text = records.map(csvLine).join('');
      expect(csvRecords(text).map(r => r.fields)).toEqual(records);
      expect(csvRecords(text).at(-1)?.end ?? 0).toBe(text.length);
    }),
  );
});
