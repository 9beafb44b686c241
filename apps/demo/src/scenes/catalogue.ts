/** All scenes, in the order of the lecture. A new one is a folder here and an entry below. */
import type { Scene } from '../stage/scene.ts';
import ComposePicture from './compose/Miniature.svelte';
import CostPicture from './cost/Miniature.svelte';
import DigitsPicture from './digits/Miniature.svelte';
import LecturePicture from './lecture/Miniature.svelte';
import PlanePicture from './plane/Miniature.svelte';
import SearchPicture from './search/Miniature.svelte';
import ShouldPicture from './should/Miniature.svelte';

export const scenes: readonly Scene[] = [
  {
    name: 'plane',
    title: 'Two dimensions',
    teaser:
      'The course’s exercise, live: three networks draw the border between two classes, without regularization, with L2, with dropout. On its data or on your points.',
    picture: PlanePicture,
    load: () => import('./plane/Scene.svelte'),
  },
  {
    name: 'digits',
    title: 'Digits',
    teaser:
      'Two networks read real handwriting, one plain, one with dropout, L2 and max-norm. Which one errs less on digits that it has not seen? And what do they read in yours?',
    picture: DigitsPicture,
    load: () => import('./digits/Scene.svelte'),
  },
  {
    name: 'lecture',
    title: 'The lecture’s network',
    teaser:
      '3-7-7-3-2-1, with a keep.prob for each layer set on the drawing, the largest matrix marked, and what the rule suggests.',
    picture: LecturePicture,
    load: () => import('./lecture/Scene.svelte'),
  },
  {
    name: 'cost',
    title: 'Is J well defined?',
    teaser:
      'With dropout the cost goes up and down. Turn dropout off and see it fall; raise the learning rate and see what a real fault looks like.',
    picture: CostPicture,
    load: () => import('./cost/Scene.svelte'),
  },
  {
    name: 'should',
    title: 'Should I regularize?',
    teaser:
      'Pairs of runs, seed after seed, until it can be told whether regularization helps or hurts. Or until it is clear that it cannot be told.',
    picture: ShouldPicture,
    load: () => import('./should/Scene.svelte'),
  },
  {
    name: 'search',
    title: 'Search for keep.prob',
    teaser:
      'Cross-validation in your browser: the dev error over keep.prob grows trial by trial. Is one number for both layers enough?',
    picture: SearchPicture,
    load: () => import('./search/Scene.svelte'),
  },
  {
    name: 'compose',
    title: 'Compose regularization',
    teaser:
      'Dropout, L2, max-norm, SAM and more in a list that you order: what each adds to J and to the time of a step, measured here.',
    picture: ComposePicture,
    load: () => import('./compose/Scene.svelte'),
  },
];
