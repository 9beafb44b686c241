/** The worker of this scene: remembers the pairs that it trained last, so that more of them can be asked for. */
import { toQuery } from '../../stage/params.ts';
import { serve } from '../../stage/worker/host.ts';
import { pairsOfRuns } from './course.ts';
import { params, type Settings } from './params.ts';
import type { Report } from './reports.ts';

/** What pairs come to depends on all settings but these. */
const { pairs, level, stop } = params;
const keyOf = (settings: Settings): string =>
  toQuery(params, { ...settings, pairs: pairs.fallback, level: level.fallback, stop: stop.fallback });

let key: string | undefined;
let trained: (readonly Report[])[] = [];

serve<Settings, Report>((settings, { report }) => {
  if (keyOf(settings) !== key) {
    key = keyOf(settings);
    trained = [];
  }
  return pairsOfRuns(settings, report, trained);
});
