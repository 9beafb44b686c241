/** In Node on two threads: `install` starts the backend, on shared memory. */
import { check, installed } from './program.js';

const report = await installed({ threads: 2 });
await check();
console.log(JSON.stringify(report));
