/** Every scene without a connection; `npm test` opens two. */
import './offline.test.ts';
