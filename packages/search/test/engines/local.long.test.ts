/** Processes that end in every way; `npm test` leaves out two that are covered by others. */
import './local.test.ts';
