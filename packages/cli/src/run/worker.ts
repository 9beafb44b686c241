/** The module of a worker of `keepprob train --workers N`. */
import { serveFit } from '@keepprob/trainer/worker';
import { prepare, type Request } from './prepare.ts';

serveFit((request: Request) => prepare(request));
