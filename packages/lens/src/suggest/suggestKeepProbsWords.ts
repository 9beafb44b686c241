/** The result of `suggestKeepProbs` as text and as a figure. */
import * as Plot from '@observablehq/plot';
import { clipped, colors, type Figure, nameMargin } from '../finding/picture.ts';
import { bar, table } from '../finding/terminal.ts';
import type { SuggestedKeepProbs } from './types.ts';

type Found = Omit<SuggestedKeepProbs, 'text' | 'picture'>;

const written = (keepProb: number): string => (keepProb === 1 ? '1.0' : String(keepProb));

const nowOf = (layers: Found['layers'], name: string): string => {
  const present = layers.flatMap(({ now }) => now).find(d => d.name === name);
  return present?.keepProb === null || !present ? 'a schedule' : written(Number(present.keepProb.toFixed(4)));
};

export const SUGGESTION_NOTE =
  "The rule is the lecture's, from sizes alone: a starting point for a search. Only data can tell whether dropout helps.";

export const suggestionsHeadline = ({ keepProbs, set, layers, input }: Found): string => {
  const used = Object.entries(keepProbs).filter(([, keepProb]) => keepProb < 1);
  const plain = used.map(([name, keepProb]) => `${written(keepProb)} behind "${name}"`);
  const others = layers
    .filter(
      ({ technique, keepProb, now }) => technique !== null && technique !== 'dropout' && keepProb < 1 && !now.length,
    )
    .map(({ technique, behind, layer, keepProb }) =>
      technique === 'recurrentDropout'
        ? `${technique} ${written(keepProb)} in "${layer}"`
        : `${technique} ${written(keepProb)} behind "${behind}"`,
    );
  const all = [...plain, ...others];
  const changes = Object.entries(set).map(
    ([name, keepProb]) => `"${name}" from ${nowOf(layers, name)} to ${written(keepProb)}`,
  );
  if (!all.length && !changes.length && layers.some(({ now }) => now.length))
    return "Suggested keepProb: as it is, which agrees with the lecture's rule.";
  const parts = [
    ...changes,
    all.length ? `${all.join(', ')}; 1.0 elsewhere` : changes.length ? 'no more dropout' : '1.0 everywhere',
  ];
  return `Suggested keepProb, by the lecture's rule: ${parts.join('; ')}; input ${written(input)}.`;
};

export function suggestionsText(found: Found): string {
  const rows = found.layers.map(({ layer, size, share, keepProb, technique }) => [
    layer,
    size.toLocaleString('en'),
    bar(share, 12).padEnd(12),
    written(keepProb),
    keepProb < 1 ? (technique ?? '–') : '–',
  ]);
  const reasons = found.layers.map(({ layer, reason }) => `${layer}: ${reason}.`);
  const head = ['layer', 'weights', '', 'keepProb', 'technique'];
  const parts = [
    suggestionsHeadline(found),
    ...(rows.length ? [table([head, ...rows]), reasons.join('\n')] : []),
    ...found.warnings,
  ];
  return [...parts, SUGGESTION_NOTE].join('\n');
}

export function suggestionsFigure(found: Found): Figure {
  const rows = found.layers.map(s => ({ ...s, label: written(s.keepProb) }));
  return {
    title: 'Suggested keepProb',
    caption: `${suggestionsHeadline(found)} ${found.warnings.join(' ')}`,
    panels: rows.length
      ? [
          {
            title: 'Weights of each layer, and its keepProb (right)',
            options: {
              height: 46 + 26 * rows.length,
              marginLeft: nameMargin(rows.map(r => r.layer)),
              marginRight: 44,
              marginBottom: 40,
              x: { label: 'weights', ticks: 4, tickFormat: 's', nice: true },
              y: { label: null, domain: rows.map(r => r.layer), tickFormat: clipped },
              marks: [
                Plot.barX(rows, {
                  y: 'layer',
                  x: 'size',
                  fill: r => (r.keepProb < 1 ? colors.accent : '#bdb9b1'),
                  insetTop: 3,
                  insetBottom: 3,
                }),
                Plot.text(rows, {
                  y: 'layer',
                  frameAnchor: 'right',
                  dx: 10,
                  textAnchor: 'start',
                  text: 'label',
                }),
                Plot.ruleX([0]),
              ],
            },
          },
        ]
      : [],
  };
}
