import { test } from 'vitest';
import { holdsNoMore } from '../support/longRun.ts';

test('a run of 300 updates holds no more at its end than in its middle', () => holdsNoMore(300));
