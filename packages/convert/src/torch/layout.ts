/** Where channels are. PyTorch's convolutions take them first, [N, C, H, W]; TensorFlow.js has them last, [N, H, W, C]. */

/** `last` is as TensorFlow.js has it; `first` has axis −1 at 1. Tensors of rank 2 and less have no other layout than `last`. */
export type Layout = 'first' | 'last';

/** Which time steps count: an expression for truths [N, T]; undefined where all do, and null for a mask that the script cannot follow. */
export type Mask = string | undefined | null;

/** What a Python variable holds in `forward`. */
export interface Traced {
  /** A Python expression: mostly a variable. */
  readonly expr: string;
  /** The shape that it has in TensorFlow.js, with null for what is not known. */
  readonly shape: readonly (number | null)[];
  /** The order of its axes in PyTorch. */
  readonly layout: Layout;
  /** Which time steps count. */
  readonly mask?: Mask;
}

/** The layout that a tensor has where a model begins and ends: images come channels first, everything else as it is. */
export const outside = (shape: readonly unknown[]): Layout => (shape.length > 3 ? 'first' : 'last');

const axes = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);

/** The expression for a tensor in a layout. */
export function inLayout({ expr, shape: { length: rank }, layout }: Traced, wanted: Layout): string {
  if (rank < 3 || layout === wanted) return expr;
  if (rank === 3) return `${expr}.transpose(1, 2)`;
  const [batch, ...others] = axes(rank);
  const order = wanted === 'first' ? axisOrder(rank, 'first') : [batch, ...others.slice(1), 1];
  return `${expr}.permute(${order.join(', ')})`;
}

/** The axes of TensorFlow.js, in the order of a layout. */
export function axisOrder(rank: number, layout: Layout): number[] {
  const all = axes(rank);
  return layout === 'last' || rank < 3 ? all : [0, rank - 1, ...all.slice(1, -1)];
}

/** The number that an axis of TensorFlow.js has in a layout. */
export function axisIn(axis: number, rank: number, layout: Layout): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (layout === 'last' || rank < 3 || positive === 0) return positive;
  return positive === rank - 1 ? 1 : positive + 1;
}

/** The layout of a result is that of what it is made of. */
export const layoutFor = (rank: number, layout: Layout): Layout => (rank < 3 ? 'last' : layout);
