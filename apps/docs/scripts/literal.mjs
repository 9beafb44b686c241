/** Values and calls as one writes them in a program. */

export function literal(value) {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return object(value);
  return typeof value === 'string' ? `'${value}'` : `${value}`;
}

const key = name => (/^[A-Za-z_]\w*$|^\d+$/.test(name) ? name : `'${name}'`);
function object(value) {
  const fields = Object.entries(value).map(([name, field]) => `${key(name)}: ${literal(field)}`);
  return fields.length ? `{ ${fields.join(', ')} }` : '{}';
}

/** The call of a factory with these options: the bare value where one stands for all of them, nothing where there are none. */
export function callOf({ name, definition }, options, ...before) {
  const [[option, value] = [], more] = Object.entries(options);
  const isBare = option !== undefined && more === undefined && option === definition.shorthand;
  const said = option === undefined ? [] : [isBare ? literal(value) : object(options)];
  return `${name}(${[...before, ...said].join(', ')})`;
}
