import { program } from './program.js';

program('/wasm/', { threads: crossOriginIsolated ? 2 : 1 }).then(
  report => postMessage({ report }),
  error => postMessage({ error: `${error.stack ?? error}` }),
);
