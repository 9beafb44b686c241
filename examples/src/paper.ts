/** `npm run paper`: three figures of Srivastava et al. 2014 in small, on real digits. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { answer } from './learn/answer.ts';
import { paper } from './learn/questions.ts';

const { values, positionals } = parseArgs({
  options: { cores: { type: 'string' }, redraw: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const names = paper.map(({ name }) => name);
const cores = Number(values.cores ?? availableParallelism());
if (!Number.isSafeInteger(cores) || cores < 1 || positionals.some(name => !names.includes(name)))
  throw new RangeError(`npm run paper -- [${names.join(' | ')}] [--cores N] [--redraw], N ≥ 1`);
for (const question of paper) {
  if (positionals.length === 0 || positionals.includes(question.name))
    await answer(question, { cores, redraw: values.redraw });
}
