/** Every plugin, layer and schedule of the families, by its name in configs. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Entry } from '@keepprob/core/catalogue';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import { catalogue as stopping } from '@keepprob/stopping/catalogue';

export const catalogue: readonly Entry[] = [
  ...augment,
  ...averaging,
  ...dropout,
  ...gradients,
  ...l1,
  ...l2,
  ...schedules,
  ...stopping,
];

type OfKind<K> = Extract<Entry, { readonly kind: K }>;

/** The entries of one kind by name. */
export const named = <K extends Entry['kind']>(kind: K): Readonly<Record<string, OfKind<K>>> =>
  Object.fromEntries(
    catalogue.filter((entry): entry is OfKind<K> => entry.kind === kind).map(entry => [entry.name, entry]),
  );
