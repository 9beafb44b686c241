/** What a stroke on the board does to the points. */
import type { Plane } from '../../stage/points.ts';
import { mostPoints } from './own.ts';
import { reach } from './reports.ts';

/** A class to put, or the eraser. */
export type Brush = 0 | 1 | 'erase';
type At = readonly [number, number];

/** How near a point must be to be erased, and how far apart points of a stroke lie. */
const near = 0.09;

export const distance = ([x, y]: At, [left, top]: At): number => Math.hypot(x - left, y - top);

/** Where a pointer at this share of the board's width and height is. */
export const placeAt = (across: number, down: number): At => [reach * (2 * across - 1), reach * (1 - 2 * down)];

/** Within the board. */
export const within = ([x, y]: At): At => {
  const clamp = (value: number): number => Math.min(reach, Math.max(-reach, value));
  return [clamp(x), clamp(y)];
};

export const added = ({ x, y }: Plane, at: At, label: number): Plane =>
  x.length < mostPoints ? { x: [...x, at], y: [...y, label] } : { x, y };

/** Without the point nearest to the place, where one is near. */
export function erased({ x, y }: Plane, at: At): Plane {
  const nearest = x.reduce((best, own, i) => (distance(own, at) < distance(x[best] ?? own, at) ? i : best), 0);
  const found = x[nearest];
  if (!found || distance(found, at) > near) return { x, y };
  return { x: x.toSpliced(nearest, 1), y: y.toSpliced(nearest, 1) };
}

export const brushed = (points: Plane, at: At, brush: Brush): Plane =>
  brush === 'erase' ? erased(points, at) : added(points, at, brush);

export const farEnough = (one: At, other: At): boolean => distance(one, other) >= near;
