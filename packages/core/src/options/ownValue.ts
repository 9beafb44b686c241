/**
 * What a record itself has under a name that somebody else chose: of a log, a layer, an input. Never a method of every object, such as `constructor`.
 * @example
 * ownValue({ loss: 0.3 }, 'toString'); // undefined
 */
export const ownValue = <V>(record: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
