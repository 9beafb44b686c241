/** What must hold of every page, whatever it shows. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** What axe finds. */
export const violations = (page: Page): Promise<string[]> =>
  page.evaluate(async source => {
    if (!('axe' in window)) new Function(source)();
    const { violations } = await (Reflect.get(window, 'axe') as typeof axe).run({ resultTypes: ['violations'] });
    return violations.flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.html} ${node.failureSummary}`));
  }, axe.source);

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

const smallest = (page: Page): Promise<string[]> =>
  page.locator('button:not(.word), select, input, summary, footer a, .brand a').evaluateAll(all =>
    all.flatMap(element => {
      const { height } = element.getBoundingClientRect();
      return height > 0 && height < 43.5 ? [element.outerHTML] : [];
    }),
  );

/** Of one page: axe finds nothing in light and dark, large and small, and it fits a phone, with targets that a thumb hits. */
export async function isSound(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1360, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await violations(page)).toEqual([]);
  expect(await overflow(page)).toBe(0);
  for (const summary of await page.locator('aside summary').all()) await summary.click();
  expect(await smallest(page)).toEqual([]);
  await page.setViewportSize({ width: 2560, height: 1200 });
  expect(await overflow(page)).toBe(0);
}

/** Shapes without words that are seen by their background, as it differs from what is behind them, and by no border around it. */
const flatShapes = (page: Page): Promise<string[]> =>
  page.locator(':is(main, .rest) :not(input, button, select, canvas)').evaluateAll(all => {
    const clear = 'rgba(0, 0, 0, 0)';
    const behind = (element: Element | null): string => {
      for (let at = element; at; at = at.parentElement) {
        const { backgroundColor } = getComputedStyle(at);
        if (backgroundColor !== clear) return backgroundColor;
      }
      return clear;
    };
    return all.flatMap((element, i) => {
      const { backgroundColor, backgroundImage, borderTopWidth, borderLeftWidth } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      const isDrawn = width * height > 0 && !element.textContent?.trim() && !element.children.length;
      const isBare = borderTopWidth === '0px' && borderLeftWidth === '0px';
      const isFlat = isBare && backgroundColor !== clear && backgroundColor !== behind(element.parentElement);
      return isDrawn && (isFlat || backgroundImage !== 'none') ? [`${i}: ${element.outerHTML}`] : [];
    });
  });

const without = (page: Page, selector: string): Promise<string[]> =>
  page.locator(selector).evaluateAll(all =>
    all.flatMap(element => {
      const { borderTopWidth, borderTopStyle } = getComputedStyle(element);
      return borderTopWidth === '0px' || borderTopStyle === 'none' ? [element.outerHTML] : [];
    }),
  );

/** What the keyboard comes to without an outline that shows where it is. */
async function unseenFocus(page: Page): Promise<string[]> {
  // from a key on, the browser shows the focus wherever it goes
  await page.keyboard.press('Tab');
  return page.locator('button, a[href], input, select, summary, [tabindex="0"]').evaluateAll(all =>
    all.flatMap(element => {
      (element as HTMLElement).focus({ preventScroll: true });
      if (document.activeElement !== element) return [];
      // a card that is a link has its outline around the whole of it
      const isSeen = [undefined, '::after'].some(part => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      });
      return isSeen ? [] : [element.outerHTML];
    }),
  );
}

/**
 * With the visitor's own colours, where the browser takes away backgrounds: axe finds nothing, cards and controls have borders, shapes are still seen, and so
 * is the focus.
 */
export async function isSoundInForcedColors(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1360, height: 900 });
  const shapes = await flatShapes(page);
  await page.emulateMedia({ forcedColors: 'active' });
  expect(await violations(page)).toEqual([]);
  expect(await without(page, '.card, button:not(.word), select, input[type=number]')).toEqual([]);
  expect(await flatShapes(page)).toEqual(shapes);
  expect(await unseenFocus(page)).toEqual([]);
  await page.emulateMedia({ forcedColors: 'none' });
}
