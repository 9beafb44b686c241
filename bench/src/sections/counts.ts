/** Kernels and bytes of one training step of the nets, by TF.js' own gradients and by ours, with the same kernels. */
import { type Counts, countsOf } from '../counts.ts';
import { netsOf } from '../nets/nets.ts';
import { enter, type Place } from '../places.ts';
import { type Result, Table } from '../section.ts';

interface Row {
  readonly net: string;
  readonly stock: Counts;
  readonly ours: Counts;
  /** With our optimizer updates and dropout, too. */
  readonly all: Counts;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

export async function counts(quick: boolean): Promise<Result> {
  const table = new Table(
    ...['net, one step', 'kernels: stock gradients', 'ours', 'all of ours'],
    ...['MB written: stock gradients', 'ours', 'all of ours'],
    ...['peak MB: stock gradients', 'ours', 'all of ours'],
  );
  const rows: Row[] = [];
  for (const [net, { title, make }] of Object.entries(netsOf(quick))) {
    const at = async (place: Place, kind: 'ours' | 'stock'): Promise<Counts> => {
      await enter(place);
      const step = make(kind);
      const result = await countsOf(step.run);
      step.dispose();
      return result;
    };
    const row = {
      stock: await at('kernelsAlone', 'stock'),
      ours: await at('kernels', 'stock'),
      all: await at('kernels', 'ours'),
    };
    rows.push({ net, ...row });
    const each = (f: (counts: Counts) => string): string[] => [row.stock, row.ours, row.all].map(f);
    table.add(
      title,
      ...each(({ kernels }) => kernels.toLocaleString('en')),
      ...each(({ written }) => megabytes(written)),
      ...each(({ peak }) => megabytes(peak)),
    );
  }
  return { data: { rows }, markdown: `${table}` };
}
