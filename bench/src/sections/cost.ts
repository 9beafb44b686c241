/** What each plugin adds to a training step, with our kernels: the step with it against the step without. */
import { type Case, cases } from '../costCases.ts';
import { type Net, nets, type Parts } from '../costNets.ts';
import { fitStep } from '../fitStep.ts';
import { compareWithin, type Effort, type Ratio } from '../measure.ts';
import type { Step } from '../models.ts';
import { arm, enter } from '../places.ts';
import { isSlower, milliseconds, type Result, ratioCells, Table } from '../section.ts';

/** A plugin above this beyond noise is named below the tables, with the reason. */
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
  const effort: Effort = quick
    ? { sample: 0, budget: 1, rounds: [2, 2] }
    : { sample: 0, budget: 5000, rounds: [31, 201] };
  await enter('kernels');
  const known = nets(quick);
  const lines: string[] = [];
  const rows: Row[] = [];
  for (const net of Object.values(known)) {
    const mine = Object.entries(cases).filter(([, c]) => known[c.net] === net);
    console.log(`\n${net.title}`);
    const table = new Table('plugin', 'ms', 'without', 'ratio', '95 % interval', 'rounds');
    for (const [plugin, { parts, plain, plugins }] of mine) {
      const [ours, other] = [stepOf(net, parts, plugins), stepOf(net, plain)];
      for (let i = 0; i < (quick ? 1 : 10); i++) {
        await ours.run();
        await other.run();
      }
      const ratio = await compareWithin(effort, arm('kernels', ours.run), arm('kernels', other.run));
      ours.dispose();
      other.dispose();
      rows.push({ plugin, net: net.title, ...ratio });
      table.add(
        plugin,
        milliseconds(ratio.ours),
        milliseconds(ratio.other),
        ...ratioCells(ratio, LIMIT),
        `${ratio.rounds}`,
      );
    }
    lines.push(`${net.title}:`, '', `${table}`, '');
  }
  return { data: { rows }, markdown: [...lines, verdict(rows)].join('\n') };
}

/** The plugins above the limit, and why. */
function verdict(rows: readonly Row[]): string {
  const above = rows.filter(row => isSlower(row, LIMIT)).map(({ plugin }) => `${plugin}: ${cases[plugin]!.why ?? '?'}`);
  return `Above ${LIMIT.toFixed(2)} beyond noise (bold):\n\n${above.map(line => `- ${line}`).join('\n')}`;
}
