/** A picture of what a technique does, computed by the technique itself; none where no picture would say more than the formula. */
import { byAverage } from './averages.mjs';
import { byImage } from './images.mjs';
import { noise } from './noise.mjs';
import { schedulePicture } from './schedules.mjs';
import { byWeight } from './weights.mjs';

const pictures = { ...noise, ...byWeight, ...byImage, ...byAverage };

/** { svg, alt }, or undefined. */
async function pictureOf(entry) {
  if (entry.kind === 'schedule') return schedulePicture(entry);
  return Object.hasOwn(pictures, entry.name) ? pictures[entry.name](entry) : undefined;
}

/** By the name of the technique. */
export async function picturesOf(entries) {
  const found = new Map();
  for (const entry of entries) {
    const picture = await pictureOf(entry);
    if (picture) found.set(entry.name, picture);
  }
  return found;
}
