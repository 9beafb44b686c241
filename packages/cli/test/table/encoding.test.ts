/** What columns become: measured on the training rows alone. */
import { type ColumnPlan, inputsOf } from '@keepprob/trainer/table';
import { describe, expect, test } from 'vitest';
import { completeRows, onlyRows } from '../../src/table/columns.ts';
import { tableOf } from '../../src/table/csv.ts';
import { encoded } from '../../src/table/encoded.ts';
import { fitEncodings, medianOf } from '../../src/table/fitEncodings.ts';
import { planOf } from '../../src/table/plan.ts';

const table = (...rows: string[]) => tableOf('t.csv', ['n,w', ...rows].join('\n'));
const rowsOf = ({ data, shape }: ReturnType<typeof encoded>) =>
  Array.from({ length: shape[0] ?? 0 }, (_, i) => [...data.slice(i * (shape[1] ?? 0), (i + 1) * (shape[1] ?? 0))]);

describe('encodings', () => {
  test('words are sorted, each an input; a word that no training row has is 0 in all of them, and is counted', () => {
    const all = table('1,b', '2,a', '3,b', '4,c');
    const train = onlyRows(all, Int32Array.of(0, 1, 2));
    const encodings = fitEncodings(train, [{ column: 'w', type: 'oneHot' }]);
    expect(encodings).toEqual([{ column: 'w', type: 'oneHot', values: ['a', 'b'] }]);
    const found = encoded(all, encodings);
    expect(rowsOf(found)).toEqual([
      [0, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ]);
    expect([...found.unknown]).toEqual([['w', 1]]);
  });

  test.each<[ColumnPlan, object, number[][]]>([
    [{ column: 'n', type: 'number', impute: 'median' }, { fill: 2.5 }, [[1], [2.5], [4], [2.5]]],
    [{ column: 'n', type: 'number', impute: 'mode' }, { fill: 1 }, [[1], [1], [4], [1]]],
    [
      { column: 'n', type: 'number', impute: 'indicator' },
      { fill: 2.5 },
      [
        [1, 0],
        [2.5, 1],
        [4, 0],
        [2.5, 1],
      ],
    ],
    [
      { column: 'w', type: 'oneHot', impute: 'mode' },
      { fill: 'x', values: ['x', 'y'] },
      [
        [1, 0],
        [1, 0],
        [0, 1],
        [1, 0],
      ],
    ],
    [
      { column: 'w', type: 'oneHot', impute: 'indicator' },
      { values: ['x', 'y'] },
      [
        [1, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    ],
    [
      { column: 'w', type: { hash: 1 }, impute: 'indicator' },
      {},
      [
        [expect.any(Number), 0],
        [expect.any(Number), 0],
        [expect.any(Number), 0],
        [0, 1],
      ] as number[][],
    ],
  ])('%j', (plan, fitted, rows) => {
    const given = table('1,x', '?,x', '4,y', 'NA,');
    const encodings = fitEncodings(given, [plan]);
    expect(encodings).toEqual([{ ...plan, ...fitted }]);
    const found = encoded(given, encodings);
    expect(rowsOf(found)).toEqual(rows);
    expect(inputsOf(encodings[0] ?? plan)).toHaveLength(found.shape[1] ?? 0);
  });

  test('what is measured does not change with rows that are not trained on', () => {
    const plans: ColumnPlan[] = [
      { column: 'n', type: 'number', impute: 'median' },
      { column: 'w', type: 'oneHot', impute: 'mode' },
    ];
    const fit = (...rest: string[]) =>
      fitEncodings(onlyRows(table('1,a', '3,b', '?,a', ...rest), Int32Array.of(0, 1, 2)), plans);
    expect(fit('900,z', '800,z')).toEqual(fit());
  });

  test('drop leaves out rows that lack a value', () => {
    const found = completeRows(table('1,a', ',b', '3,null', '4,d'), ['n', 'w']);
    expect([...found.rows()].map(({ line }) => line)).toEqual([2, 5]);
    expect(found.length).toBe(2);
    expect(() => completeRows(table(',a'), ['n'])).toThrow(
      't.csv: expected rows with a value in n, as "drop" leaves out',
    );
  });

  test('the median of an even number of values is the mean of the two in the middle', () => {
    expect([medianOf([3]), medianOf([10, 1, 2]), medianOf([4, 1, 10, 2])]).toEqual([3, 2, 3]);
  });

  test.each<[string, () => unknown, string]>([
    [
      'a word in place of a number',
      () => fitEncodings(table('x,a'), [{ column: 'n', type: 'number' }]),
      't.csv, line 2, column "n": expected a number; for text say "types": { "n": "oneHot" }',
    ],
    [
      'an empty word',
      () => fitEncodings(table('1,'), [{ column: 'w', type: 'oneHot' }]),
      'column "w": expected a word; say what stands for missing ones: "impute": { "w": "mode" }. Received: an empty field.',
    ],
    [
      'a column without a value',
      () => fitEncodings(table(',a'), [{ column: 'n', type: 'number', impute: 'median' }]),
      't.csv, column "n": expected a value in one of the training rows. Received: none',
    ],
    [
      'too many words',
      () =>
        fitEncodings(table(...Array.from({ length: 1001 }, (_, i) => `1,w${i}`)), [{ column: 'w', type: 'oneHot' }]),
      'at most 1000 different words for "oneHot"; hash them: "types": { "w": { "hash": 64 } }',
    ],
  ])('%s is refused', (_, fit, message) => expect(fit).toThrow(message));
});

describe('a plan', () => {
  const plan = (spec: object) => planOf('c.json', spec, ['n', 'w'], ['y']);

  test('one way for all: of words the mode in place of the median, of labels only rows to drop', () => {
    const types = { w: 'oneHot' };
    expect(plan({ types, impute: 'median' })).toEqual({
      columns: [
        { column: 'n', type: 'number', impute: 'median' },
        { column: 'w', type: 'oneHot', impute: 'mode' },
      ],
      drop: [],
    });
    expect(plan({ types, impute: 'drop' }).drop).toEqual(['n', 'w', 'y']);
    expect(plan({ impute: { y: 'drop' } }).drop).toEqual(['y']);
  });

  test.each<[object, string]>([
    [{ types: { x: 'oneHot' } }, 'c.json: unknown option `data.types.x`. Known: n, w.'],
    [
      { types: { w: 'onehot' } },
      'option `data.types.w`. Expected "number", "oneHot", or { "hash": an integer from 1 to 65536 }',
    ],
    [{ types: { w: { hash: 0 } } }, 'option `data.types.w`. Expected'],
    [{ types: { w: { hash: 8, more: 1 } } }, 'option `data.types.w`. Expected'],
    [
      { impute: { w: 'mean' } },
      'option `data.impute.w`. Expected "median", "mode", "indicator" or "drop". Received: "mean".',
    ],
    [
      { types: { w: 'oneHot' }, impute: { w: 'median' } },
      'option `data.impute.w`. Expected "mode", "indicator" or "drop" for words.',
    ],
    [{ impute: { y: 'mode' } }, 'option `data.impute.y`. Expected "drop", as nothing can stand for a label.'],
    [JSON.parse('{ "types": { "__proto__": "oneHot" } }'), 'unknown option `data.types.__proto__`. Known: n, w.'],
    [
      JSON.parse('{ "impute": { "constructor": "drop" } }'),
      'unknown option `data.impute.constructor`. Known: n, w, y.',
    ],
  ])('%j is refused', (spec, message) => expect(() => plan(spec)).toThrow(message));

  test('columns may be called as anything, as all objects answer to', () => {
    const names = ['__proto__', 'constructor', 'toString'];
    const spec = JSON.parse(
      '{ "types": { "__proto__": "oneHot", "constructor": "oneHot" }, "impute": { "toString": "median" } }',
    );
    const made = planOf('c.json', spec, names, ['y']).columns;
    expect(made.map(({ type, impute }) => [type, impute])).toEqual([
      ['oneHot', undefined],
      ['oneHot', undefined],
      ['number', 'median'],
    ]);
    const odd = tableOf('t.csv', `${names.join()},y\nvalueOf,hasOwnProperty,1,2\n__proto__,b,,2`);
    const encodings = fitEncodings(odd, made);
    expect(encoded(odd, encodings).shape).toEqual([2, 5]);
    expect({}).not.toHaveProperty('0');
  });
});
