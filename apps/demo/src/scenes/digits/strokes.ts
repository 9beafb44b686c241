/** A drawing as MNIST has its digits: in a box of 20 × 20 pixels, its centre of mass in the middle of 28 × 28. LeCun et al. 1998, section III A. */

/** In shares of the board's width and height. */
export type Place = readonly [across: number, down: number];
/** Places that a line runs through. */
export type Stroke = readonly Place[];

/** Pixels of a side of the drawing before it is made smaller. */
export const side = 168;
export const digitSide = 28;
const boxSide = 20;
/** Width of a line, as a share of the board: MNIST's are about 2.5 of 20 pixels wide. */
export const strokeWidth = 0.1;

/** Grey values of a picture of side × side pixels, 0 to 1. */
export function rasterized(strokes: readonly Stroke[]): Float32Array {
  const image = new Float32Array(side * side);
  for (const stroke of strokes) for (const [i, to] of stroke.entries()) line(image, stroke[i - 1] ?? to, to);
  return image;
}

function line(image: Float32Array, [x1, y1]: Place, [x2, y2]: Place): void {
  const radius = (strokeWidth / 2) * side;
  const [ax, ay, bx, by] = [x1 * side, y1 * side, x2 * side, y2 * side];
  const square = (bx - ax) ** 2 + (by - ay) ** 2;
  const from = (a: number, b: number): number => Math.max(0, Math.floor(Math.min(a, b) - radius - 1));
  const until = (a: number, b: number): number => Math.min(side - 1, Math.ceil(Math.max(a, b) + radius + 1));
  for (let row = from(ay, by); row <= until(ay, by); row++)
    for (let column = from(ax, bx); column <= until(ax, bx); column++) {
      const [x, y] = [column + 0.5, row + 0.5];
      const along = square ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square)) : 0;
      const distance = Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
      const i = row * side + column;
      image[i] = Math.max(image[i] ?? 0, Math.min(1, Math.max(0, radius + 0.5 - distance)));
    }
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What holds all ink; undefined where there is none. */
function boxOf(image: Float32Array, width: number): Box | undefined {
  let [left, top, right, bottom] = [width, width, -1, -1];
  image.forEach((grey, i) => {
    if (grey <= 0) return;
    const [row, column] = [Math.floor(i / width), i % width];
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  });
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Mean grey of a rectangle of the image; nothing is outside. */
function meanIn(image: Float32Array, width: number, x: number, y: number, size: number): number {
  let sum = 0;
  const share = (at: number, from: number): number => Math.max(0, Math.min(at + 1, from + size) - Math.max(at, from));
  for (let row = Math.max(0, Math.floor(y)); row < Math.min(width, y + size); row++)
    for (let column = Math.max(0, Math.floor(x)); column < Math.min(width, x + size); column++)
      sum += (image[row * width + column] ?? 0) * share(row, y) * share(column, x);
  return sum / size ** 2;
}

/** Centre of mass, in pixels of the image. */
export function centreOf(image: Float32Array, width: number): readonly [number, number] {
  let [mass, x, y] = [0, 0, 0];
  image.forEach((grey, i) => {
    mass += grey;
    x += grey * ((i % width) + 0.5);
    y += grey * (Math.floor(i / width) + 0.5);
  });
  return [x / mass, y / mass];
}

/** Whole pixels by which the box is moved, so that the centre of its ink comes into the pixel behind the middle, and nothing is cut off. */
const shiftOf = (centre: number, size: number): number =>
  Math.max(0, Math.min(Math.floor(digitSide - size), digitSide / 2 - Math.floor(centre)));

/**
 * 784 grey values, 0 to 1, as the networks learnt them.
 * @param image of width × width pixels
 * @returns undefined where nothing is drawn
 */
export function asMnist(image: Float32Array, width: number = side): Float32Array | undefined {
  const box = boxOf(image, width);
  if (!box) return undefined;
  const scale = Math.max(box.width, box.height) / boxSide;
  const [x, y] = centreOf(image, width);
  const left = box.left - scale * shiftOf((x - box.left) / scale, box.width / scale);
  const top = box.top - scale * shiftOf((y - box.top) / scale, box.height / scale);
  return Float32Array.from({ length: digitSide ** 2 }, (_, i) =>
    meanIn(image, width, left + (i % digitSide) * scale, top + Math.floor(i / digitSide) * scale, scale),
  );
}
