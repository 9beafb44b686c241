import { test } from 'vitest';
import { endsAsIfNeverKilled } from '../support/killed.ts';

test('killed once, a run ends with the weights of one that was never killed', () => endsAsIfNeverKilled(1, 1));
