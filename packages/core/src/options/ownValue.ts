/**
 * The own property of a record under a name chosen by the user, such as that of a log, a layer or an input. Never a method that every object has, such as
 * `constructor`.
 * @example
 * ownValue({ loss: 0.3 }, 'toString'); // undefined
 */
export const ownValue = <V>(record: Readonly<Record<string, V>>, name: string): V | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
