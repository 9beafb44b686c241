/** Objects that hold values by name. */

/** Whether a value is an object whose own fields are what it holds: no list, no Map, no promise, nothing that can be disposed of. May throw what a proxy throws. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if ('dispose' in value && typeof value.dispose === 'function') return false;
  return Object.keys(value).length > 0 || isPlain(value);
}

/** Made by `{ … }` or without a prototype, on this page or in another frame. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
