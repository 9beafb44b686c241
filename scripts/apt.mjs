/** Debian's packages for the tests, where they may be installed. */
import { existsSync } from 'node:fs';
import { run } from './shell.mjs';

export const canInstall = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');

export async function aptInstall(name) {
  console.log(`Installing Debian’s ${name}.`);
  await run('apt-get', ['update'], { quiet: true });
  await run('apt-get', ['install', '-y', '--no-install-recommends', name], {
    quiet: true,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
}
