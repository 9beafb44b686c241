#!/usr/bin/env node
// a file that is there before anything is built, so that npm links it in a clone, too
import { existsSync } from 'node:fs';

const program = new URL('../dist/keepprob.js', import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  console.error('keepprob is not built yet: npm run build');
  process.exitCode = 1;
}
