/** All scenes, in the order of the lecture. A new one is a folder here and an entry below. */
import type { Scene } from '../stage/scene.ts';
import DigitsPicture from './digits/Miniature.svelte';
import PlanePicture from './plane/Miniature.svelte';

export const scenes: readonly Scene[] = [
  {
    name: 'plane',
    title: 'Two dimensions',
    teaser:
      'The course’s exercise, live: three networks draw the border between two classes, without regularization, with L2, with dropout.',
    picture: PlanePicture,
    load: () => import('./plane/Scene.svelte'),
  },
  {
    name: 'digits',
    title: 'Digits',
    teaser:
      'Two networks read real handwriting, one plain, one with dropout, L2 and max-norm. Which one errs less on digits that it has not seen?',
    picture: DigitsPicture,
    load: () => import('./digits/Scene.svelte'),
  },
];
