/** Which numbers an option of a technique takes, found by asking its factory. */
import type { Entry } from '@keepprob/core/catalogue';
import { dropout } from '@keepprob/dropout';
import { schedule } from '@keepprob/schedules';
import type { Option } from '../src/scenes/compose/option.ts';
import type { Kind } from '../src/scenes/compose/technique.ts';

type Range = Omit<Option, 'value' | 'isGiven'>;

const isMade = (make: () => unknown): boolean => {
  try {
    make();
    return true;
  } catch {
    return false;
  }
};

/** @returns whether the option takes a number; that of a schedule also by what the schedule is for */
function asked(entry: Entry, kind: Kind, name: string): (value: number) => boolean {
  const spec = entry.definition.options[name];
  if (entry.kind !== 'schedule') return value => spec?.accepts(value) ?? false;
  return value =>
    isMade(() => {
      const made = entry.make({ ...entry.options, [name]: value });
      return kind === 'keepProb' ? dropout({ keepProb: made }) : schedule({ learningRate: made });
    });
}

/** Where it begins and ends: the bounds that options here have. */
export function rangeOf(entry: Entry, kind: Kind, name: string): Range {
  const takes = asked(entry, kind, name);
  const lower: readonly (readonly [number, Range])[] = [
    [-1, {}],
    [0, { min: 0 }],
    [1e-9, { above: 0 }],
    // masks of 16 bits
    [1e-5, { min: 1e-5 }],
    [1, { min: 1 }],
    [2, { min: 2 }],
  ];
  const upper: readonly (readonly [number, Range])[] = [
    [1e6, {}],
    [1, { max: 1 }],
    [1 - 1e-9, { below: 1 }],
  ];
  const first = (bounds: typeof lower): Range => {
    const found = bounds.find(([value]) => takes(value));
    if (!found) throw new Error(`${entry.name}.${name} has bounds that are not asked for here.`);
    return found[1];
  };
  const range = { ...first(lower), ...first(upper) };
  const integer = takes(2) && !takes(2.5);
  return integer ? { ...range, integer } : range;
}
