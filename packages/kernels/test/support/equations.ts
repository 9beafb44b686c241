/** Random equations of Einsum, of one operand or two, and what they mean in float64. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { elements, indexIn, type Op } from './derivatives.ts';

/** Where a letter stands: in both operands and the result, in both, in one and the result, in one. */
const roles = ['abr', 'ab', 'ar', 'br', 'a', 'b'] as const;
type Role = (typeof roles)[number];

export interface Equation {
  readonly equation: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly terms: readonly string[];
  readonly result: string;
}

/** @param summedAlone whether a letter may be in one operand and nowhere else */
export function equations(summedAlone: boolean): fc.Arbitrary<Equation> {
  const allowed = roles.filter(role => summedAlone || role.length > 1);
  const letter = fc.record({ role: fc.constantFrom<Role[]>(...allowed), size: fc.integer({ min: 1, max: 4 }) });
  return fc.array(letter, { minLength: 1, maxLength: 5 }).chain(letters => {
    const named = letters.map((l, i) => ({ ...l, name: 'abcde'[i] ?? '' }));
    const inOrder = (of: string): fc.Arbitrary<string> => {
      const names = named.filter(({ role }) => role.includes(of)).map(({ name }) => name);
      return fc.shuffledSubarray(names, { minLength: names.length }).map(all => all.join(''));
    };
    return fc.tuple(inOrder('a'), inOrder('b'), inOrder('r'), fc.boolean()).map(([a, b, result, alone]): Equation => {
      const ofA = [...result].filter(l => a.includes(l)).join('');
      const [terms, y] = alone || b === '' || a === '' ? [[a], ofA] : [[a, b], result];
      const sizes = Object.fromEntries(named.map(({ name, size }) => [name, size]));
      return { equation: `${terms.join(',')}->${y}`, sizes, terms, result: y };
    });
  });
}

/** One term at all places of all letters. */
export function einsumOf({ equation, sizes, terms, result }: Equation): Op {
  const shapeOf = (letters: string): number[] => [...letters].map(letter => sizes[letter] ?? 1);
  const all = [...new Set(terms.join(''))].join('');
  const shapes = terms.map(shapeOf);
  return {
    shapes,
    f: (...xs) => tf.einsum(equation, ...xs),
    exact(...xs) {
      const y = elements(shapeOf(result), () => 0);
      elements(shapeOf(all), place => {
        const at = (letters: string): number =>
          indexIn(
            shapeOf(letters),
            [...letters].map(letter => place[all.indexOf(letter)] ?? 0),
          );
        y[at(result)]! += terms.reduce((product, term, i) => product * xs[i]![at(term)]!, 1);
        return 0;
      });
      return y;
    },
  };
}
