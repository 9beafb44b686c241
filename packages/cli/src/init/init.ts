/** Looks at a table and writes a first config. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { DataError, OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { isDecimal } from '@keepprob/trainer/table';
import type { JsonConfig } from '../config/config.ts';
import * as messages from '../config/messages.ts';
import { checkConfig } from '../config/schema/checkConfig.ts';
import { writeText } from '../run/save.ts';
import { wrapped } from '../run/wrapped.ts';
import { checkFile } from '../run/writable.ts';
import type { Table as CsvTable } from '../table/csv.ts';
import { separatedTable } from '../table/tableIn.ts';
import { HASHING, hashedAs, useOf } from './columns.ts';
import { type Label, labelOf, type Task } from './label.ts';
import { type ColumnLook, looksOf } from './look.ts';
import { pretty } from './pretty.ts';
import { type Column, inputsIn, proposalOf } from './proposal.ts';

const SCHEMA = 'node_modules/keepprob/config.schema.json';

/** Options of the command line. */
export interface InitOptions {
  readonly label?: string;
  readonly task?: Task;
  readonly separator?: string;
  /** `<name of the table>.json` by default. */
  readonly out?: string;
  readonly force?: boolean;
}

/**
 * Writes a config for a table, and prints what it assumed.
 * @throws OptionError, DataError before anything is written
 */
export async function init(file: string, options: InitOptions): Promise<void> {
  const out =
    options.out ??
    `${basename(file)
      .replace(/\.gz$/, '')
      .replace(/\.[^.]*$/, '')}.json`;
  if (resolve(out) === resolve(file)) throw new OptionError(messages.noTable(file));
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) throw DataError.of(file, 'a table', 'a folder');
  if (extname(out) !== '.json') throw OptionError.of('init', '--out', 'a file that ends in .json', out);
  if (existsSync(out) && !options.force) throw new OptionError(messages.holdsFile(out));
  checkFile('init', '--out', out);
  const { table, separator } = await separatedTable(file, options.separator);
  checkHeader(table);
  const looks = looksOf(table);
  const label = labelOf(file, looks, options.label, options.task);
  const columns = looks
    .filter(({ name }) => name !== label.name)
    .map(look => ({ name: look.name, use: useOf(look), look }));
  checkColumns(file, looks, columns);
  const where = { file: relative(dirname(out), file), separator, rows: table.length };
  const config = checkConfig(out, { ...schemaOf(out), ...proposalOf(where, label, columns) });
  await writeText(out, `${pretty(config)}\n`);
  const inputs = inputsIn(columns, name => [...(looks.find(look => look.name === name)?.values.keys() ?? [])]);
  console.log(
    [
      wrapped(
        'read',
        `${messages.named(file)}: ${table.length} rows, ${looks.length} columns with ${show(separator)} between them`,
      ),
      ...assumed(label, columns),
      wrapped('model', `about ${inputs} inputs, ${modelLine(config)}`),
      `wrote        ${out}`,
      `next         ${messages.goOn('train', [out])}`,
    ].join('\n'),
  );
}

/** The path of the schema for editors, if the program is installed in the folder of the config. */
const schemaOf = (out: string): Pick<JsonConfig, '$schema'> =>
  existsSync(join(dirname(out), SCHEMA)) ? { $schema: `./${SCHEMA}` } : {};

/** @throws DataError if the first row holds numbers, like the other rows */
function checkHeader({ path, header }: CsvTable): void {
  if (!header.some(isDecimal) || header.every((name, i) => name === String(i))) return;
  if (header.filter(isDecimal).length * 2 > header.length)
    throw DataError.of(
      `${path}, line 1`,
      'the names of columns; put a row with names on top',
      messages.listed(header, 5),
    );
}

function checkColumns(file: string, looks: readonly ColumnLook[], columns: readonly Column[]): void {
  const odd = looks.find(({ commas, numbers, rows, missing }) => commas > 0 && commas + numbers === rows - missing);
  if (odd)
    throw DataError.of(
      `${file}, column ${show(odd.name)}`,
      'numbers with a decimal point (export the table with points, or replace the commas)',
      `numbers with a comma, such as ${[...odd.values.keys()].find(v => v.includes(','))}`,
    );
  if (columns.some(({ use }) => 'type' in use)) return;
  const reasons = columns.map(({ name, use }) => ('leftOut' in use ? `${messages.named(name)}: ${use.leftOut}` : ''));
  throw DataError.of(file, 'a column to predict from', reasons.slice(0, 5).join('; '));
}

type Looked = Column & { readonly look: ColumnLook };

function assumed(label: Label, columns: readonly Looked[]): string[] {
  const { classes } = label;
  const what = classes
    ? `${classes.length} classes (${messages.listed(classes)})`
    : 'a number, scaled to mean 0 and variance 1';
  const used = columns.flatMap(({ name, use, look }) => ('type' in use ? [{ name, look, ...use }] : []));
  const lines = (name: string, texts: readonly string[]): string[] =>
    texts.length ? [wrapped(name, texts.join(', '))] : [];
  const gaps = used.filter(({ impute }) => impute);
  const hashed = used.filter(({ type }) => typeof type === 'object');
  return [
    wrapped('label', `${messages.named(label.name)}, ${label.why}: ${what}`),
    ...(label.missing ? [wrapped('', `${messages.plural(label.missing, 'row')} without it are left out`)] : []),
    ...lines(
      'numbers',
      used.filter(({ type }) => type === 'number').map(({ name }) => messages.named(name)),
    ),
    ...lines(
      'words',
      used
        .filter(({ type }) => type === 'oneHot')
        .map(({ name, look }) => `${messages.named(name)} (${look.values.size})`),
    ),
    ...lines(
      'hashed',
      hashed.map(({ name, look }) => `${messages.named(name)} (${hashedAs(look)})`),
    ),
    ...(hashed.length ? [wrapped('', `hashed are ${HASHING}`)] : []),
    ...lines(
      'missing',
      gaps.map(({ name, impute, look }) => `${messages.named(name)} ${look.missing} (${impute})`),
    ),
    ...lines(
      'left out',
      columns.flatMap(({ name, use }) => ('leftOut' in use ? [`${messages.named(name)} (${use.leftOut})`] : [])),
    ),
    wrapped('split', `20 % of the rows to validate${classes ? ', the same share of each class' : ''}`),
  ];
}

const modelLine = ({ model }: JsonConfig): string =>
  typeof model === 'string'
    ? model
    : model.map(({ layer, units, keepProb }) => `${layer} ${units ?? `keepProb ${keepProb}`}`).join(', ');
