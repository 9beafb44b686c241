/** The doors of the packages: what a program may import. */
import { packageNames, textOf } from './repository.mjs';

/** Each door with its declarations as built: '@keepprob/core/stock', 'packages/core/dist/stock.d.ts'. */
export const doors = packageNames.flatMap(folder => {
  const { name, exports } = JSON.parse(textOf(`packages/${folder}/package.json`));
  return Object.entries(exports).flatMap(([door, { types }]) =>
    types ? [{ door: `${name}${door.slice(1)}`, file: `packages/${folder}/${types.slice(2)}` }] : [],
  );
});

/** The address of the page of a door. */
export const doorAt = door => `/api/${nameOf(door)}`;

/** Such as 'core-stock' of '@keepprob/core/stock'. */
export const nameOf = door => door.replace('@keepprob/', '').replaceAll('/', '-');

/** By what the page of an export is found. */
export const pageKey = (door, name) => `${door} ${name}`;
