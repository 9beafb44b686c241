/** The worker of this scene. */
import { serve } from '../../stage/worker/host.ts';
import { Race } from '../../stage/worker/race.ts';
import { costCourse } from './course.ts';
import type { Settings } from './params.ts';
import type { Report } from './reports.ts';

serve<Settings, Report>((settings, { report }) => new Race(costCourse(settings, report)));
