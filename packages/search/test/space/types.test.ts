import { expectTypeOf, test } from 'vitest';
import {
  type Chosen,
  choice,
  float,
  int,
  type Json,
  type KeepProbSpaces,
  keepProb,
  readSpace,
} from '../../src/index.ts';

test('a config has its values in the places of spaces', () => {
  const config = {
    keep: keepProb(0.3, 1),
    layers: [{ units: int(1, 2) }],
    act: choice(['relu', 'tanh']),
    l2: choice([null, { strength: float(0, 1) }], { off: null }),
    build: (units: number) => units,
    name: 'net',
  };
  const { at } = readSpace(config);
  type Config = ReturnType<typeof at>;
  expectTypeOf<Config['keep']>().toEqualTypeOf<number>();
  expectTypeOf<Config['layers']>().toEqualTypeOf<{ units: number }[]>();
  expectTypeOf<Config['act']>().toEqualTypeOf<'relu' | 'tanh'>();
  expectTypeOf<Config['l2']>().toEqualTypeOf<null | { strength: number }>();
  expectTypeOf<Config['build']>().toEqualTypeOf<(units: number) => number>();
  expectTypeOf<Chosen<KeepProbSpaces>['set']>().toEqualTypeOf<{ [name: string]: number }>();
  expectTypeOf<Chosen<Json>>().toEqualTypeOf<Json>();
  expectTypeOf<Chosen<{ a: Json }>>().toEqualTypeOf<{ a: Json }>();
  expectTypeOf<Chosen<unknown>>().toBeUnknown();
});
