/** Runs commands of the repository and reads what their test runners counted. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command, shows its output, and gives exit code and text back. */
export function run(command, args, { quiet = false, env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', ...env },
      // npm and npx are scripts there
      shell: process.platform === 'win32',
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', chunk => {
        text += chunk;
        if (!quiet) process.stdout.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', code => resolve({ code: code ?? 1, text: plain(text) }));
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal are control characters
const plain = text => text.replace(/\x1b\[[0-9;]*m/g, '');

/** Sums vitest's closing lines: `Tests  1 failed | 7 passed (8)`. */
export function counted(text) {
  const sum = word =>
    [...text.matchAll(/Tests\s+([^\n]*)/g)].reduce(
      (n, [, line]) => n + Number(line.match(new RegExp(`(\\d+) ${word}`))?.[1] ?? 0),
      0,
    );
  return { passed: sum('passed'), failed: sum('failed') };
}
