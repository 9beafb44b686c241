/** The table of plugins of others, from community/plugins.json. */
import { textOf } from './repository.mjs';

const { plugins } = JSON.parse(textOf('apps/docs/community/plugins.json'));

/** One row for each, or that there is none yet. */
export function communityTable(listed = plugins) {
  if (!listed.length) return '*The list is empty so far: yours can be the first.*';
  const rows = listed.map(
    ({ name, kind, what, paper, repository }) =>
      `| [\`${name}\`](${repository}) | ${kind} | ${what}${paper === undefined ? '' : `; ${paper}`} |`,
  );
  return ['| package | makes a | |', '|---|---|---|', ...rows].join('\n');
}
