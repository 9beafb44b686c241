/** What each plugin adds to a training step, with our kernels: the step with it against the step without. */
import { type Case, cases } from './costCases.ts';
import { type Net, nets, type Parts } from './costNets.ts';
import { fitStep } from './fitStep.ts';
import { compare, type Ratio, timed } from './measure.ts';
import type { Step } from './models.ts';
import { enter } from './places.ts';
import { milliseconds, type Result, ratioCells, Table } from './section.ts';

/** A plugin above this is named below the table, with the reason. */
const LIMIT = 1.1;

interface Row extends Ratio {
  readonly plugin: string;
  readonly net: string;
}

function stepOf({ make, optimizer }: Net, parts: Parts, plugins: Case['plugins'] = () => []): Step {
  const { model, ...data } = make(parts);
  return fitStep(model, optimizer(), data, plugins(model));
}

export async function cost(quick: boolean): Promise<Result> {
  await enter('kernels');
  const known = nets(quick);
  const lines: string[] = [];
  const rows: Row[] = [];
  for (const net of Object.values(known)) {
    const mine = Object.entries(cases).filter(([, c]) => known[c.net] === net);
    console.log(`\n${net.title}`);
    const table = new Table('plugin', 'ms', 'without', 'ratio', '95 % interval');
    for (const [plugin, { parts = {}, plain = {}, plugins }] of mine) {
      const [ours, other] = [stepOf(net, parts, plugins), stepOf(net, plain)];
      const ratio = await compare(timed(ours.run), timed(other.run), quick ? 2 : 100, quick ? 1 : 10);
      ours.dispose();
      other.dispose();
      rows.push({ plugin, net: net.title, ...ratio });
      table.add(plugin, milliseconds(ratio.ours), milliseconds(ratio.other), ...ratioCells(ratio, LIMIT));
    }
    lines.push(`${net.title}:`, '', `${table}`, '');
  }
  return { data: { rows }, markdown: [...lines, verdict(rows)].join('\n') };
}

/** The plugins above the limit, and why. */
function verdict(rows: readonly Row[]): string {
  const above = rows
    .filter(({ ratio }) => ratio > LIMIT)
    .map(({ plugin }) => `${plugin}: ${cases[plugin]!.why ?? '?'}`);
  return `Above ${LIMIT.toFixed(2)} (bold):\n${above.map(line => `- ${line}`).join('\n')}`;
}
