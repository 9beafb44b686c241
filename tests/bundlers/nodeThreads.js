/** In Node on two threads: `install` starts the backend, on shared memory. */
import { install } from '@keepprob/kernels/wasm';
import { check } from './program.js';

const report = await install({ threads: 2 });
await check();
console.log(JSON.stringify(report));
