#!/usr/bin/env node
// a file that is there before anything is built, so that npm links it in a clone, too
import { existsSync } from 'node:fs';

const program = new URL('../dist/program.js', import.meta.url);
if (existsSync(program)) {
  const { run } = await import(program.href);
  process.exitCode = await run(process.argv.slice(2));
} else {
  console.error('create-plugin is not built: run `npm run build`.');
  process.exitCode = 1;
}
