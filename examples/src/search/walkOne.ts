/** A process for one search: `node walkOne.js lecture 1 'one for each'`; it sends what it found. */
import { problems } from './problems.ts';
import { walk } from './walk.ts';

const [problem = '', draw = '', space = ''] = process.argv.slice(2);
if (problem !== 'lecture' && problem !== 'mnist') throw new RangeError(`There is no problem called ${problem}.`);
const walked = await walk(await problems[problem](Number(draw)), space);
process.send?.(walked, () => process.exit());
