/** Values as Python literals. */

/** A number, string, boolean, null, or a tuple of these. */
export type Value = number | string | boolean | null | readonly Value[];

function number(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value < 0 ? 'float("-inf")' : 'float("inf")';
  return String(value);
}

/** `(1, 2)`, `True`, `None`, `"text"`: strings are escaped, so that they cannot become code. */
export function literal(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return JSON.stringify(value);
  const items = value.map(literal);
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

/** A single number if all are the same, as a person would write a 3 × 3 kernel. */
export const short = (values: readonly number[]): string =>
  literal(values.every(value => value === values[0]) ? (values[0] ?? 0) : values);

/** `name=value` for each argument that has a value. */
export const keywords = (args: Readonly<Record<string, string | undefined>>): string[] =>
  Object.entries(args).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));

/** A call on one line, or with one argument per line if that line would be long. */
export function call(callee: string, args: readonly string[], indent = ''): string {
  const line = `${callee}(${args.join(', ')})`;
  if (indent.length + line.length <= 100 && !args.some(arg => arg.includes('\n'))) return line;
  return `${callee}(\n${args.map(arg => `${indent}    ${arg},\n`).join('')}${indent})`;
}
