/** What is refused before a database is asked, and what is said of one that cannot be. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { OptionError } from '@keepprob/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bullmq } from '../../src/queue/bullmq.ts';
import { calmly } from '../../src/queue/calmly.ts';
import { codeOf } from '../../src/queue/code.ts';
import { addressOf, openDatabase } from '../../src/queue/databases/database.ts';
import { serveUnits } from '../../src/queue/serveUnits.ts';
import { freshFolder } from '../support/folders.ts';
import { module } from '../support/tasks.ts';

afterEach(() => vi.restoreAllMocks());

describe('an address', () => {
  test.each([
    ['postgres://user:secret@host:5433/units', 'postgres', 'postgres://host:5433/units'],
    ['postgresql://host/units', 'postgresql', 'postgresql://host/units'],
    ['redis://:secret@host', 'redis', 'redis://host'],
    ['rediss://host:6380/1', 'rediss', 'rediss://host:6380/1'],
  ])('%s', (db, kind, name) => expect(addressOf('search', db)).toEqual({ db, kind, name }));

  test.each([
    ['no address', 'localhost', /"localhost"/],
    ['of another kind', 'mysql://user:secret@host/x', /"mysql:…"/],
    ['of what every object has', 'constructor://secret@host', /"constructor:…"/],
    ['not even a scheme', 'user:secret@host', /"user:…"/],
  ])('%s is refused at once, and shows no password', async (_, db, received) => {
    for (const refused of [() => bullmq({ db }), () => serveUnits({ db })]) {
      const error = await (async () => refused())().catch(reason => reason);
      expect(error).toBeInstanceOf(OptionError);
      expect(error.message).toMatch(/`db`\. Expected postgres:\/\/user:password@host.*or redis:\/\/host:6379/);
      expect(error.message).toMatch(received);
      expect(error.message).not.toContain('secret');
    }
  });

  test.each(['redis://user:secret@127.0.0.1:1', 'postgres://user:secret@127.0.0.1:1/x'])('of nobody: %s', async db => {
    const error = await openDatabase(addressOf('search', db), 5000).catch(reason => reason);
    expect(error).toMatchObject({ problem: 'database', message: expect.stringContaining('ECONNREFUSED') });
    expect(error.message).not.toContain('secret');
  });

  test.each([
    ['modules', { modules: { 'my/trial': '/opt/trial.js' } }, /`modules`\. Expected modules by their names/],
    ['lock', { lock: 10 }, /`lock`/],
    ['workers', { workers: 0 }, /`workers`/],
  ])('with a wrong option: %s', async (_, more, message) => {
    const db = 'redis://127.0.0.1:1';
    const given = [{ db, ...more }];
    expect(() => Reflect.apply(bullmq, null, given)).toThrow(message);
    await expect(Reflect.apply(serveUnits, null, given)).rejects.toThrow(message);
  });
});

describe('the code of a trial', () => {
  function written(files: Readonly<Record<string, string>>): URL {
    const folder = freshFolder();
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return pathToFileURL(join(folder, Object.keys(files)[0] ?? ''));
  }

  test('is one file, of whatever it imports, but for what the worker has', async () => {
    const trial = written({
      'trial.ts': `import * as tf from '@tensorflow/tfjs-core';\nimport { half } from './half.ts';\nexport default (x: number) => tf.scalar(half(x));`,
      'half.ts': 'export const half = (x: number): number => x / 2;',
    });
    const code = await codeOf(trial);
    expect(code).toMatch(/from\s*["']@tensorflow\/tfjs-core["']/);
    expect(code).toContain('x / 2');
    expect(code).not.toMatch(/half\.ts["']|: number/);
  });

  test.each([
    ['an address of the network', () => new URL('https://example.org/trial.js'), /it is not a file/],
    ['a file that is not there', () => new URL('./none.mjs', import.meta.url), /none\.mjs/],
    ['a module that does not parse', () => written({ 'broken.mjs': 'export default (' }), /broken\.mjs/],
    ['an import that is not there', () => written({ 'lost.mjs': "import './gone.mjs';" }), /gone\.mjs/],
  ])('is refused: %s', async (_, trial, message) => {
    await expect(codeOf(trial())).rejects.toThrow(OptionError);
    await expect(codeOf(trial())).rejects.toThrow(message);
  });

  test('without esbuild is the file itself, where it imports packages alone', async () => {
    vi.doMock('esbuild', () => {
      throw new Error('not installed');
    });
    vi.resetModules();
    const { codeOf: plainly } = await import('../../src/queue/code.ts');
    await expect(plainly(module('trial'))).resolves.toContain('glorotUniform');
    const other = written({ 'trial.mjs': "import { half } from './half.mjs';\nexport default half;" });
    await expect(plainly(other)).rejects.toThrow(/esbuild is not installed/);
    await expect(plainly(written({ 'trial.ts': 'export default 1' }))).rejects.toThrow(/esbuild is not installed/);
    vi.doUnmock('esbuild');
    vi.resetModules();
  });
});

test('the same trouble is told at once, then every ten seconds with how often it came', () => {
  let now = 1000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const told: string[] = [];
  const warn = calmly(message => told.push(message));
  for (const at of [1000, 1050, 5000, 10_999, 11_000, 11_050, 30_000]) {
    now = at;
    warn(`at ${at}`);
  }
  expect(told).toEqual(['at 1000', 'at 11000 (3 more since)', 'at 30000 (1 more since)']);
});
