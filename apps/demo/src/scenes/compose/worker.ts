/** The worker of this scene. */
import { serve } from '../../stage/worker/host.ts';
import { Measurement } from './measurement.ts';
import type { Settings } from './params.ts';
import type { Report } from './reports.ts';

serve<Settings, Report>((settings, { report }) => new Measurement(settings, report));
