/** Small pictures as SVG on white: curves, grids of cells, rows of images. */

const INK = '#1b1b1f';
const LINE = '#2459b3';
const SOFT = '#666';

const text = (x, y, words, more = '') => `<text x="${x}" y="${y}" ${more}>${words}</text>`;
const short = value =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : `${+value.toPrecision(3)}`.replace(/^-/, '−');
const fixed = value => +value.toFixed(1);

const drawn = (width, height, body) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}"><rect width="100%" height="100%" fill="white"/>${body}</svg>\n`;

/** Curves of points [x, y] in one frame; the ends of both axes are written at them. */
export function curves(lists, { x, y }) {
  const [left, top, width, height] = [56, 22, 300, 120];
  const all = lists.flatMap(({ points }) => points);
  const range = at => {
    const values = all.map(point => point[at]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return low === high ? [low - 1, high + 1] : [low, high];
  };
  const [[x0, x1], [y0, y1]] = [range(0), range(1)];
  const place = ([a, b]) =>
    `${fixed(left + ((a - x0) / (x1 - x0)) * width)},${fixed(top + (1 - (b - y0) / (y1 - y0)) * height)}`;
  const zero =
    y0 < 0 && y1 > 0
      ? `<polyline points="${place([x0, 0])} ${place([x1, 0])}" stroke="${SOFT}" stroke-width=".7"/>`
      : '';
  const lines = lists.map(
    ({ points, soft }) =>
      `<polyline points="${points.map(place).join(' ')}" fill="none" stroke="${soft ? SOFT : LINE}" stroke-width="${soft ? 1 : 2}"${soft ? ' stroke-dasharray="4 3"' : ''}/>`,
  );
  return drawn(
    left + width + 24,
    top + height + 36,
    [
      `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="none" stroke="#ccc"/>`,
      zero,
      ...lines,
      text(left - 6, top + 10, short(y1), 'text-anchor="end"'),
      text(left - 6, top + height, short(y0), 'text-anchor="end"'),
      text(left, top + height + 16, short(x0)),
      text(left + width, top + height + 16, short(x1), 'text-anchor="end"'),
      text(left + width / 2, top + height + 30, x, 'text-anchor="middle"'),
      text(left, top - 7, y),
    ].join(''),
  );
}

const CELL = 14;

/** Tables of numbers side by side: 0 is an empty cell, blue above it, red below. */
export function grids(tables, { rows, columns }) {
  const most = Math.max(...tables.flat(2).map(Math.abs));
  const [left, top, gap] = [28, 24, 14];
  const width = tables[0][0].length * CELL;
  const height = tables[0].length * CELL;
  const cells = tables.flatMap((table, i) =>
    table.flatMap((row, r) =>
      row.map((value, c) => {
        const shade =
          value === 0
            ? 'fill="none"'
            : `fill="${value > 0 ? LINE : '#b3261e'}" fill-opacity="${+(0.15 + 0.85 * (Math.abs(value) / most)).toFixed(2)}"`;
        const at = left + i * (width + gap) + c * CELL;
        return `<rect x="${at}" y="${top + r * CELL}" width="${CELL - 1}" height="${CELL - 1}" ${shade} stroke="#bbb" stroke-width=".5"/>`;
      }),
    ),
  );
  return drawn(
    left + tables.length * (width + gap),
    top + height + 12,
    [
      ...cells,
      text(left, top - 8, `${columns} →`),
      `<text transform="translate(${left - 10},${top + height}) rotate(-90)">${rows} →</text>`,
    ].join(''),
  );
}

/** Pictures in rows with a name in front of each; sources are addresses of data. */
export function gallery(rows, size) {
  const [left, gap] = [64, 8];
  const count = Math.max(...rows.map(({ sources }) => sources.length));
  const body = rows.flatMap(({ name, sources }, r) => [
    text(0, r * (size + gap) + size / 2 + 4, name),
    ...sources.map(
      (source, i) =>
        `<image href="${source}" x="${left + i * (size + gap)}" y="${r * (size + gap)}" width="${size}" height="${size}" style="image-rendering:pixelated"/>`,
    ),
  ]);
  return drawn(left + count * (size + gap), rows.length * (size + gap), body.join(''));
}
