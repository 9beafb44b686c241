import { test } from 'vitest';
import { endsAsIfNeverKilled } from '../support/killed.ts';

test('killed 3 times, a run ends with the weights of one that was never killed', () => endsAsIfNeverKilled(3, 1));
