import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { graceTime } from '../../src/worker/grace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('silence is counted from the beginning, and anew from whatever is heard', () => {
  const late = vi.fn();
  const grace = graceTime(100, late);
  grace.heard();
  vi.advanceTimersByTime(1000);
  expect(late).not.toHaveBeenCalled();
  grace.begin();
  for (let i = 0; i < 5; i++) {
    vi.advanceTimersByTime(99);
    grace.heard();
  }
  expect(late).not.toHaveBeenCalled();
  vi.advanceTimersByTime(100);
  expect(late).toHaveBeenCalledTimes(1);
});

test('nothing comes after it has stopped', () => {
  const late = vi.fn();
  const grace = graceTime(100, late);
  grace.begin();
  grace.stop();
  grace.heard();
  vi.advanceTimersByTime(1000);
  expect(late).not.toHaveBeenCalled();
});
