/** Charts as files: black on white, so that they can be read on dark pages, too. */
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

/** Colours that are told apart without red and green, each with 4.5 : 1 against white. */
export const colours = { blue: '#2459b3', red: '#b3261e', grey: '#666', green: '#0f6b57' } as const;

/** The chart as a document of its own. */
export function drawn(options: Plot.PlotOptions): string {
  const { document } = parseHTML('<html><body></body></html>');
  const svg = Plot.plot({
    document,
    style: { background: 'white', fontFamily: 'system-ui, sans-serif', fontSize: '12px' },
    ...options,
  } as Plot.PlotOptions);
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // hundredths of a pixel: the last digits differ between versions of Node
  const rounded = (value: string): string => value.replace(/\d+\.\d{3,}/g, digits => `${+Number(digits).toFixed(2)}`);
  return svg.outerHTML.replace(/"[^"]*"/g, rounded);
}
