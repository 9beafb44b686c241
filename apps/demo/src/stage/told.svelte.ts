/** What a scene says of its run, for parts of the page that the scene does not know. */
import type { Claim } from './scene.ts';

export class Told {
  claims: readonly Claim[] = $state.raw([]);
}
