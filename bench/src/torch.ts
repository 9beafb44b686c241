/** The nets of `nets.ts` in PyTorch on one thread, where Debian's python3 can import it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PYTHON = '/usr/bin/python3';
const ONE_THREAD = { OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' };

interface About {
  readonly torch: string;
  /** The libraries of linear algebra that are loaded, and for which processor OpenBLAS computes. */
  readonly blas: readonly string[];
  readonly core: string | null;
}
export interface Torch {
  readonly about: About;
  /** Milliseconds of each of so many steps. */
  readonly times: (net: string, steps: number) => Promise<readonly number[]>;
  readonly end: () => void;
}

/** torch_steps.py, which answers each line with a line; undefined where there is no PyTorch. */
export async function startTorch(): Promise<Torch | undefined> {
  const script = fileURLToPath(new URL('../src/programs/torch_steps.py', import.meta.url));
  const child = spawn(PYTHON, [script], { env: { ...process.env, ...ONE_THREAD }, stdio: ['pipe', 'pipe', 'ignore'] });
  for (const part of [child, child.stdin]) part.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <T>(): Promise<T | undefined> => {
    const { value, done } = await lines.next();
    return done ? undefined : (JSON.parse(value) as T);
  };
  const about = await answer<About>();
  if (!about) return undefined;
  return {
    about,
    end: () => child.stdin.end(),
    async times(net, steps) {
      child.stdin.write(`${net} ${steps}\n`);
      const times = await answer<number[]>();
      if (!times) throw new Error('torch_steps.py ended.');
      return times;
    },
  };
}

export function told({ torch, blas, core }: About): string {
  const libraries = blas.map(path => path.split('/').at(-1)).join(', ');
  return `PyTorch ${torch}, one thread, with ${libraries}${core ? ` for ${core}` : ''}`;
}
