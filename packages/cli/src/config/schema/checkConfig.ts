import { OptionError } from '@keepprob/core';
import { messages, nearest } from '@keepprob/core/driver';
import * as v from 'valibot';
import { type SearchSpec, searchSchema } from '../../search/spec.ts';
import type { DataSpec, JsonConfig } from '../config.ts';
import { dataSchema } from './dataSchema.ts';
import { fieldsOf } from './expected.ts';
import { configSchema } from './schema.ts';

/** `data.train`, `model[2].layer`. */
const written = (keys: readonly unknown[]): string =>
  keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i ? '.' : ''}${key}`)).join('');

/** An issue in the wording of core's messages about options. */
function worded(owner: string, issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map(({ key }) => key);
  if (!keys.length) return messages.optionsNotObject(owner, issue.input);
  const path = written(keys);
  if (issue.path?.at(-1)?.origin !== 'key') return messages.option(owner, path, issue.message, issue.input);
  const fields = fieldsOf.get(issue) ?? {};
  const key = String(keys.at(-1));
  if (Object.hasOwn(fields, key)) return messages.optionMissing(owner, path, fields[key] as string);
  const near = nearest(key, Object.keys(fields));
  return messages.optionUnknown(owner, path, near && written([...keys.slice(0, -1), near]), Object.keys(fields));
}

/**
 * Checks the keys and values of a config; layers, plugins and optimizers are checked when they are created.
 * @param owner its name in errors: its file
 * @throws OptionError that names every wrong key, what was expected, and what was received
 */
export const checkConfig = (owner: string, config: unknown): JsonConfig => checked(owner, configSchema, config);

/** Checks the data given on the command line like those of a config. @throws OptionError */
export const checkData = (owner: string, data: unknown): DataSpec => checked(owner, dataSchema, data);

/** Checks the key `search` of a config. @throws OptionError */
export const checkSearch = (owner: string, search: unknown): SearchSpec =>
  checked(`${owner}: search`, searchSchema, search);

/** Returns the given value itself: the copy that a parser makes lacks keys such as `constructor`, so that later checks could not refuse them. */
function checked<T>(owner: string, schema: v.GenericSchema<T>, given: unknown): T {
  if (Array.isArray(given)) throw new OptionError(messages.optionsNotObject(owner, given));
  if (v.is(schema, given)) return given;
  const { issues = [] } = v.safeParse(schema, given);
  throw new OptionError(issues.map(issue => worded(owner, issue)).join('\n'));
}
