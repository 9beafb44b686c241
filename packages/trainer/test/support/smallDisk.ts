/** A disk of one's own to fill, and to make read-only: where the tests may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const mount = (...args: readonly string[]): Buffer => execFileSync('mount', args, { stdio: 'pipe' });

/** Of 1 MB; unmounted when the test is done. */
export function smallDisk(): string {
  const disk = mkdtempSync(join(tmpdir(), 'keepprob-disk-'));
  mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk);
  onTestFinished(() => {
    execFileSync('umount', [disk]);
    rmdirSync(disk);
  });
  return disk;
}

export const makeReadOnly = (disk: string): void => void mount('-o', 'remount,ro', disk);

export const canMount: boolean = process.platform === 'linux' && process.getuid?.() === 0 && mounts();

function mounts(): boolean {
  const path = mkdtempSync(join(tmpdir(), 'keepprob-probe-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', path);
    execFileSync('umount', [path]);
    return true;
  } catch {
    return false;
  } finally {
    rmdirSync(path);
  }
}
