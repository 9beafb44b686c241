/**
 * The slots in which TF.js' optimizers keep their state for each variable. A marked seam: read in tfjs-core 4.22, where an optimizer has one list for
 * each kind of slot, all in the same order, and names a slot `${variable}/m` when it creates it.
 */
import * as tf from '@tensorflow/tfjs-core';

export interface Slot {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

const isSlot = (value: unknown): value is Slot =>
  typeof (value as Partial<Slot> | null)?.originalName === 'string' && (value as Slot).variable instanceof tf.Variable;

/** Whether a field of an optimizer is a list of slots; an empty list counts. */
export const isSlots = (value: unknown): value is Slot[] => Array.isArray(value) && value.every(isSlot);

/** The name of the variable that a slot belongs to, and what TF.js calls the slot. */
export const split = ({ originalName }: Slot): [owner: string, kind: string] => {
  const at = originalName.lastIndexOf('/');
  return [originalName.slice(0, at), originalName.slice(at + 1)];
};

/**
 * The names of the variables whose slots an optimizer has, in the order of the slots; for those to be updated, their current names. A model that is loaded
 * next to the saved one has a number appended to its names that the saved slots lack. If all names are unknown, as in another process, only positions help.
 */
export function ownersOf(optimizer: tf.Optimizer, updated: readonly string[]): string[] {
  const slots = Object.values(optimizer).find((field): field is Slot[] => isSlots(field) && field.length > 0) ?? [];
  const owners = slots.map(slot => split(slot)[0]);
  const unnumbered = new Map(updated.map(name => [name.replace(/_\d+$/, ''), name]));
  const found = owners.map(owner => (updated.includes(owner) ? owner : (unnumbered.get(owner) ?? owner)));
  const { registeredVariables } = tf.engine();
  return found.some(name => name in registeredVariables) ? found : [];
}
