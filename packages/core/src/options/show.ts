/**
 * Short descriptions of any value, for messages. They call no getter, no `toString` and no `toJSON`, read no more of the value than they write, and
 * never throw: the message about a wrong value must not fail because of that value.
 */

/** The maximum number of characters of a value, and the minimum number to which a string in it is cut. */
const ROOM = 120;
const SHORTEST = 12;

/**
 * A value as shown in messages: strings in quotes, numbers and plain objects as JSON, everything else by its class.
 * @example
 * show([1, 'a']); // '[1, "a"]'
 * show(tf.layers.dense({ units: 2, name: 'hidden' })); // 'Dense "hidden"'
 */
export const show = (value: unknown): string => written(value, ROOM, []);

/** A part of the text: `room` is the approximate number of characters it may take, and `around` holds the enclosing objects. */
function written(value: unknown, room: number, around: readonly object[]): string {
  if (typeof value === 'string') return quoted(value, room);
  if (typeof value === 'bigint') return cut(`${value}n`, room);
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return cut(String(value), room);
  if (around.includes(value)) return '(circular)';
  if (room <= 0) return '…';
  try {
    if (typeof value === 'function') return nameOf(value, room, 'a function');
    return ofObject(value, room, [...around, value]);
  } catch {
    // a proxy may deny any access
    return 'a value that cannot be read';
  }
}

function ofObject(value: object, room: number, around: readonly object[]): string {
  const part = (of: unknown, left: number): string => written(of, left - 2, around);
  if (Array.isArray(value)) return inBrackets('[]', ', ', room, elements(value), part);
  const className = classOf(value);
  if (isNumbers(value)) return `${className} ${inBrackets('[]', ', ', room, elements(value), part)}`;
  if (className !== undefined) return instance(className, value, room, part);
  return inBrackets('{}', ',', room, Object.keys(value), (key, left) => {
    const { get, value: of } = Object.getOwnPropertyDescriptor(value, key) ?? {};
    return `${quoted(key, left)}:${get ? 'a getter' : part(of, left)}`;
  });
}

/** Shows names of layers, models and variables, shapes of tensors and variables, and messages of errors. */
function instance(className: string, value: object, room: number, part: (of: unknown, left: number) => string): string {
  const shape = own(value, 'shape');
  const message = own(value, 'message');
  const name = own(value, 'name');
  const said = message ?? name;
  return (
    cut(className, room) +
    (typeof said === 'string' && said ? ` ${quoted(said, room)}` : '') +
    (Array.isArray(shape) ? ` of shape ${part(shape, room)}` : '')
  );
}

/** The class name of an object, as used by TF.js in saved models; undefined for a plain object. */
function classOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const made = typeof prototype === 'object' && prototype !== null && own(prototype, 'constructor');
  if (typeof made !== 'function') return undefined;
  const name = [own(made, 'className'), own(made, 'name')].find(known => typeof known === 'string' && known !== '');
  return typeof name === 'string' && name !== 'Object' ? name : undefined;
}

const isNumbers = (value: object): value is Uint8Array => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** A property of the object itself, without calling a getter. */
const own = (value: object, key: string): unknown => Object.getOwnPropertyDescriptor(value, key)?.value;

function nameOf(value: object, room: number, what: string): string {
  const name = own(value, 'name');
  return typeof name === 'string' && name ? `${what} ${cut(name, room)}` : what;
}

function* elements(list: ArrayLike<unknown>): Generator<unknown> {
  for (let i = 0; i < list.length; i++) yield list[i];
}

/** The parts in brackets, as many as fit. */
function inBrackets<T>(
  [open, close]: string,
  separator: string,
  room: number,
  parts: Iterable<T>,
  write: (part: T, left: number) => string,
): string {
  const texts: string[] = [];
  let left = room;
  for (const part of parts) {
    const text = left > 0 ? write(part, left) : '…';
    texts.push(text);
    if (left <= 0) break;
    left -= text.length + separator.length;
  }
  return `${open}${texts.join(separator)}${close}`;
}

const quoted = (text: string, room: number): string => JSON.stringify(cut(text, room));

function cut(text: string, room: number): string {
  const most = Math.max(room, SHORTEST);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
