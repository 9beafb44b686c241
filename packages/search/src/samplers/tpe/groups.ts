import type { Dimension } from '../../contract.ts';

/** Groups dimensions that exist under the same conditions, and so always together; a group comes after the choices that it depends on. */
export function groupsOf(dimensions: readonly Dimension[]): Dimension[][] {
  const groups = new Map<string, Dimension[]>();
  for (const dimension of dimensions) {
    const conditions = JSON.stringify(dimension.when.map(({ name, branch }) => [name, branch]));
    groups.set(conditions, [...(groups.get(conditions) ?? []), dimension]);
  }
  return [...groups.values()];
}
