/** The position of channels. PyTorch's convolutions have them first, [N, C, H, W]; TensorFlow.js has them last, [N, H, W, C]. */

/** `last` is the layout of TensorFlow.js; `first` has axis −1 at 1. Tensors of rank 2 or less always have the layout `last`. */
export type Layout = 'first' | 'last';

/** The time steps that count: an expression for booleans [N, T]; undefined if all do, and null for a mask that the script cannot reproduce. */
export type Mask = string | undefined | null;

/** The value of a Python expression in `forward`. */
export interface Traced {
  /** A Python expression, usually a variable. */
  readonly expr: string;
  /** Its shape in TensorFlow.js, with null for unknown sizes. */
  readonly shape: readonly (number | null)[];
  /** The order of its axes in PyTorch. */
  readonly layout: Layout;
  /** The time steps that count. */
  readonly mask?: Mask;
}

/** The layout of a model's inputs and outputs: images are channels first, everything else is unchanged. */
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

/** The index of a TensorFlow.js axis in a layout. */
export function axisIn(axis: number, rank: number, layout: Layout): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (layout === 'last' || rank < 3 || positive === 0) return positive;
  return positive === rank - 1 ? 1 : positive + 1;
}

/** The layout of a result, which is that of its inputs. */
export const layoutFor = (rank: number, layout: Layout): Layout => (rank < 3 ? 'last' : layout);
