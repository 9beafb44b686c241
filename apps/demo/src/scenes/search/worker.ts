/** The worker of this scene. */
import { serve } from '../../stage/worker/host.ts';
import type { Settings } from './params.ts';
import type { Report } from './reports.ts';
import { Searches } from './searches.ts';

serve<Settings, Report>((settings, { report }) => new Searches(settings, report));
