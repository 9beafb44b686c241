const WIDTH = 100;

/** Readable JSON: values that fit on a line are written on one line. */
export function pretty(value: unknown, indent = ''): string {
  const flat = inline(value);
  if (indent.length + flat.length <= WIDTH && indent !== '') return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return block(
      '[',
      ']',
      value.map(item => pretty(item, inner)),
      indent,
    );
  if (typeof value !== 'object' || value === null) return flat;
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${pretty(item, inner)}`);
  return block('{', '}', entries, indent);
}

const block = (open: string, close: string, lines: readonly string[], indent: string): string =>
  lines.length ? `${open}\n${lines.map(line => `${indent}  ${line}`).join(',\n')}\n${indent}${close}` : open + close;

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return entries.length ? `{ ${entries.join(', ')} }` : '{}';
}
