/** The worker of this scene: fetches the digits once. */
import { serve } from '../../stage/worker/host.ts';
import { digitsRace } from './course.ts';
import { type Digits, decodeDigits } from './file.ts';
import type { Settings } from './params.ts';
import type { Report } from './reports.ts';

async function fetchDigits(url: URL): Promise<Digits> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new Error('The digits could not be fetched: the connection failed.', { cause });
  }
  if (!response.ok) throw new Error(`The digits could not be fetched: the server answers ${response.status}.`);
  return decodeDigits(await response.arrayBuffer());
}

let digits: Promise<Digits> | undefined;

serve<Settings, Report>(async (settings, { base, report, loading }) => {
  if (!digits) loading('the digits');
  digits ??= fetchDigits(new URL('mnist.bin', base)).catch(error => {
    digits = undefined;
    throw error;
  });
  return digitsRace(settings, await digits, report);
});
