/** Every technique on such a backend; `npm test` trains every third. */
import './tensorflowBackend.test.ts';
