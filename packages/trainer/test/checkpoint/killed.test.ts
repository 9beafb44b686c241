import { test } from 'vitest';
import { endsAsIfNeverKilled } from '../support/killed.ts';

test('killed 6 times, two runs end with the weights of one that was never killed', () => endsAsIfNeverKilled(3));
