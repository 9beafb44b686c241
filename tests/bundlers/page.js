/** The page runs the program that its address asks for, and leaves what came out of it in `__result`. */
import { gpuProgram } from './gpu.js';
import { oneThread, program, whileStarting } from './program.js';

const leave = result => {
  window.__result = result;
};
const leaveWhenDone = promise =>
  promise.then(
    report => leave({ report }),
    error => leave({ error: `${error.stack ?? error}` }),
  );

if (location.search === '?worker') {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  worker.onmessage = ({ data }) => leave(data);
  worker.onerror = ({ message }) => leave({ error: `the worker: ${message}` });
} else if (location.search === '?gpu') {
  leaveWhenDone(gpuProgram());
} else if (location.search === '?starting') {
  leaveWhenDone(whileStarting('/wasm/', { threads: 2 }));
} else {
  if (location.search === '?oneThread') oneThread();
  // memory is shared where the page is isolated, and only there
  leaveWhenDone(program('/wasm/', { threads: crossOriginIsolated && location.search !== '?oneThread' ? 2 : 1 }));
}
