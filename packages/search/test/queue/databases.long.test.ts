/** Every test over both databases; `npm test` runs most of them over Redis alone. */
import './databases.test.ts';
