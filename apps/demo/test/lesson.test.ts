import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parted, terms } from '../src/glossary/terms.ts';
import { lessonOf, limits, locked, split } from '../src/stage/lesson.ts';
import { hashOf, routeOf } from '../src/stage/route.ts';

describe('what a lesson has in the address', () => {
  test('is told apart from the settings, and stays where they change', () => {
    const route = routeOf('#/plane?keepProb=0.5&embed&title=Try%20it&lock=seed,data');
    expect(route).toEqual({ name: 'plane', query: 'keepProb=0.5', beside: 'embed&title=Try%20it&lock=seed,data' });
    expect(hashOf({ ...route, query: 'keepProb=0.6' })).toBe(
      '#/plane?keepProb=0.6&embed&title=Try%20it&lock=seed,data',
    );
    expect(lessonOf(route.beside)).toEqual({
      ...{ embed: true, title: 'Try it', task: '', lock: ['seed', 'data'], tour: '', notes: [] },
    });
    // “titles” is no key of a lesson
    expect(split('titles=1&embedded&embed').settings).toBe('titles=1&embedded');
  });

  test('is text, bounded, and cannot disguise itself; what was cut is said', () => {
    const task = encodeURIComponent(`line one\n\n\n\nline\u202e two\u0007${'x'.repeat(700)}`);
    const found = lessonOf(`task=${task}&embed=yes&title=${'ü'.repeat(90)}`);
    expect(found.task).toMatch(/^line one\n\nline two x+$/);
    expect(found.task).toHaveLength(limits.task);
    expect(found.title).toBe('ü'.repeat(limits.title));
    expect(found.notes).toEqual([
      '“embed” in the address takes no value.',
      '“title” in the address is longer than 80 characters, and was cut.',
      '“task” in the address is longer than 600 characters, and was cut.',
    ]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 900 }), text => {
        const { title, task } = lessonOf(new URLSearchParams({ title: text, task: text }).toString());
        expect(Array.from(title).length).toBeLessThanOrEqual(limits.title);
        expect(Array.from(task).length).toBeLessThanOrEqual(limits.task);
        expect(title).not.toMatch(/[\n\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  test('locks settings that there are, or all; others are said', () => {
    const names = ['keepProb', 'seed'];
    expect(locked(['seed', 'colour'], names)).toEqual({
      names: ['seed'],
      notes: ['“lock” in the address names “colour”, which is no setting of this page.'],
    });
    expect(locked(['all'], names)).toEqual({ names, notes: [] });
    expect(locked([], names)).toEqual({ names: [], notes: [] });
  });
});

describe('the glossary', () => {
  test('explains each word once, in whole sentences that a first week can read', () => {
    const words = terms.flatMap(({ term, also = [] }) => [term, ...also]);
    expect(new Set(words.map(word => word.toLowerCase())).size).toBe(words.length);
    for (const { meaning } of terms) {
      expect(meaning).toMatch(/^[A-Z−].*\.$/);
      expect(meaning.length).toBeLessThan(230);
    }
  });

  test('finds whole words alone, the longest first, one in each text', () => {
    expect(parted('Cost J of every step')).toEqual([
      { text: 'Cost J', term: terms.find(({ term }) => term === 'cost J') },
      { text: ' of every step' },
    ]);
    expect(parted('Cross-entropy + λ').map(({ text }) => text)).toEqual(['Cross-entropy', ' + λ']);
    for (const text of ['a development of stepping stones', 'j is no J’s', '']) {
      expect(
        parted(text)
          .map(part => part.text)
          .join(''),
      ).toBe(text);
    }
    expect(parted('a development of stepping stones')).toHaveLength(1);
    fc.assert(
      fc.property(
        fc.string(),
        text =>
          parted(text)
            .map(part => part.text)
            .join('') === text,
      ),
    );
  });
});
