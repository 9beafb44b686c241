import { test } from 'vitest';
import { endsAsIfNeverKilled } from '../support/killed.ts';

test('killed 50 times, two runs end with the weights of one that was never killed', () => endsAsIfNeverKilled(25, 2));
