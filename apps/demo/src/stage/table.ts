/** What a table behind a chart holds. */

/** `kind` tells apart rows of the same position. */
export interface Row {
  readonly position: string;
  readonly kind: string;
  readonly values: readonly number[];
}
