/** A quick run of all sections; `npm test` leaves out those that start processes or threads, or train many times. */
import './bench.test.ts';
