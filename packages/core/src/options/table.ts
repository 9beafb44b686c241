/** Objects that hold values by name. */

/**
 * Whether a value is an object that holds values by name: not a list, a Map, a promise or anything that can be disposed. A proxy may throw an error.
 * @example
 * isTable({ loss: 0.3 }); // true
 * isTable([0.3]); // false
 */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if ('dispose' in value && typeof value.dispose === 'function') return false;
  return Object.keys(value).length > 0 || isPlain(value);
}

/** Whether it was made by `{ … }` or without a prototype, on this page or in another frame. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
