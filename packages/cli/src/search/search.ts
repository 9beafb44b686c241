import { basename, extname, join } from 'node:path';
import { type Dimension, type Engine, type Found, nested, rowsIn, type SearchOptions, search } from '@keepprob/search';
import * as messages from '../config/messages.ts';
import { within } from '../config/within.ts';
import { type Backend, openBackend } from '../run/backend.ts';
import { exitCodeOf, interruptible } from '../run/interrupt.ts';
import { endIn, placesOf } from './end.ts';
import { engineFor, serveBeside, type Where } from './engine.ts';
import { beginIn, checkOut } from './folder.ts';
import { trialAt } from './modules.ts';
import { readConfig, type Searched, spaceOf } from './readConfig.ts';
import { rehearse } from './rehearse.ts';
import { type SearchRows, searchRows } from './rows.ts';
import { type Settings, settingsOf } from './settings.ts';
import { viewOf } from './view.ts';

/** Options of the command line for a search. */
export interface SearchCommand extends Where {
  /** `runs/<name of the config>-search` by default. */
  readonly out?: string;
  readonly resume?: boolean;
  readonly seed?: number;
  readonly trials?: number;
  /** Milliseconds. */
  readonly maxTime?: number;
  readonly backend: Backend;
  readonly progress: 'bar' | 'lines' | 'none';
}

interface Prepared {
  readonly searched: Searched;
  readonly settings: Settings;
  readonly rows: SearchRows;
  readonly engine: Engine;
  readonly out: string;
}

/**
 * Runs the search of a config, and returns the exit code.
 * @param given the words of the command line with which the search can be continued in the same way
 * @throws OptionError, DataError before anything is written; SearchError
 */
export async function searchIn(config: string, command: SearchCommand, given: readonly string[]): Promise<number> {
  const prepared = await prepare(config, command);
  const { settings, searched, rows, out } = prepared;
  const view = viewOf({ kind: command.progress, metric: settings.metric, trials: settings.trials });
  const { result: found, by } = await interruptible(
    signal => ended(prepared, command, signal, view.tell).finally(view.stop),
    () => console.error(`\n${messages.searchInterrupted()}`),
  );
  const isOver = found !== null && found.stopped !== 'aborted';
  if (isOver) await endIn(out, searched, rows, found);
  console.log(`\n${found?.text ?? messages.nothingYet()}`);
  if (isOver) {
    console.log(`\n${placesOf(out, found.model !== null)}`);
    return 0;
  }
  console.log(`\ncontinue     ${messages.goOn('search', [config, '--resume', ...given])}`);
  return by === undefined ? 1 : exitCodeOf(by);
}

async function prepare(config: string, command: SearchCommand): Promise<Prepared> {
  const read = await readConfig(config);
  const searched = { ...read, spec: { ...seeded(read), ...flags(command) } };
  const engine = engineFor(searched, command);
  const out = command.out ?? join('runs', `${basename(config, extname(config))}-search`);
  checkOut(out, searched, command.resume ?? false);
  const rows = await searchRows(config, searched.samples[0]);
  const settings = settingsOf(config, searched.spec, searched.samples[0].data.classes !== undefined);
  const { count, classes } = await rowsIn(rows.data);
  const folds = within(`${config}: search.folds`, () =>
    settings.folds.split({ count, ...(classes && { classes }) }, 0),
  );
  const outer = settings.nested && nested({ outer: settings.nested, inner: settings.folds });
  within(`${config}: search.nested`, () =>
    outer
      ?.folds({ count, ...(classes && { classes }) }, 0)
      .map(({ inner }) => inner.split({ count, ...(classes && { classes }) }, 0)),
  );
  const backend = await openBackend(command.backend, 1);
  await rehearse(searched, rows, settings.metric);
  if (command.progress !== 'none') console.log(heading(backend, searched, rows, settings, folds.length));
  return { searched, settings, rows, engine, out };
}

/** The search uses the seed of the config, unless it has its own. */
const seeded = ({ spec, samples: [{ seed }] }: Searched): Searched['spec'] => ({
  ...(seed !== undefined && { seed }),
  ...spec,
});

const flags = ({ seed, trials, maxTime }: SearchCommand): Searched['spec'] =>
  Object.fromEntries(Object.entries({ seed, trials, maxTime }).filter(([, value]) => value !== undefined));

function heading(
  backend: string,
  { space }: Searched,
  { data, aside }: SearchRows,
  { sampler, pruner, trials }: Settings,
  folds: number,
): string {
  const [count = 0] = data.x.shape;
  const left = aside ? `; ${aside} more, of data.validation, are not looked at` : '';
  return [
    `backend      ${backend}`,
    ...space.dimensions.map((dimension, i) => `${(i ? '' : 'searched').padEnd(12)} ${wordsOf(dimension)}`),
    `rows         ${count} in ${folds} folds${left}`,
    `trials       ${trials}, by ${sampler.name}; pruner ${pruner.name}`,
  ].join('\n');
}

const wordsOf = (dimension: Dimension): string =>
  dimension.kind === 'choice'
    ? `${dimension.name}: ${dimension.labels.join(' | ')}`
    : `${dimension.name}: ${dimension.low} to ${dimension.high}${dimension.log ? ', logarithmic' : ''}`;

/** The results; null if it was interrupted before a trial was complete. */
async function ended(
  { searched, settings, rows, engine, out }: Prepared,
  command: SearchCommand,
  signal: AbortSignal,
  tell: Extract<SearchOptions['progress'], (...args: never[]) => unknown>,
): Promise<Found | null> {
  const { backend, resume = false } = command;
  let endHere = async (): Promise<void> => undefined;
  try {
    return await search<object>(trialAt(searched.owner, backend), rows.data, {
      ...settings,
      ...{ space: spaceOf(searched), store: out, resume, engine, signal, scale: rows.scale },
      async progress(event) {
        if (event.type === 'begin') {
          await beginIn(out, searched);
          endHere = serveBeside(command);
        }
        await tell(event);
      },
    });
  } catch (error) {
    if (signal.aborted && error === signal.reason) return null;
    throw error;
  } finally {
    await endHere();
  }
}
