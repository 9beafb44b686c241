/** An event of training. */
export interface FitEvent {
  /** 'begin', then 'step' after each update, 'epoch' after each epoch, 'end'. */
  readonly type: 'begin' | 'step' | 'epoch' | 'end';
  /** Index of the epoch, from 0. */
  readonly epoch: number;
  /** Epochs of the whole run. */
  readonly epochs: number;
  /** Updates done in this run. */
  readonly step: number;
  /** Updates in an epoch; only known for arrays. */
  readonly stepsPerEpoch?: number | undefined;
  /** The numbers of this step (cost, loss, penalty and metrics in training mode), or of this epoch. */
  readonly logs: Readonly<Record<string, number>>;
  /** The names of the logs that some epochs lack, if not every epoch has all logs of the run. */
  readonly logNames?: readonly string[];
  /** At the end: why training stopped before its last epoch. */
  readonly stopped?: string | undefined;
}

/** Receives every event of `fit`, which waits for it. */
export type Listener = (event: FitEvent) => void | Promise<void>;
/** How `fit` shows its progress: a bar (lines if there is no terminal), lines, nothing, or a function that receives every event. */
export type Progress = 'bar' | 'lines' | false | Listener;

/** The display of one run. `stop` is called on every exit, and may be called again. */
export interface Display {
  readonly tell: Listener;
  stop(): void;
}

export async function displayOf(progress: Progress): Promise<Display> {
  const told = (tell: Listener): Display => ({ tell, stop: () => undefined });
  if (typeof progress === 'function') return told(progress);
  if (progress === false) return told(() => undefined);
  return progress === 'bar' && isTerminal() ? bar() : told(lines);
}

const isTerminal = (): boolean => typeof process !== 'undefined' && process.stderr?.isTTY === true;

const written = (logs: FitEvent['logs']): string[] =>
  Object.entries(logs).map(([name, value]) => `${name} ${value.toPrecision(4)}`);

/** Characters per line. */
const WIDTH = 100;

/** Joins parts into a line, two spaces apart; parts that do not fit go into further, indented lines. */
function folded(parts: readonly string[]): string {
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : `${line}  ${part}`;
    if (longer.length <= WIDTH || line === '') line = longer;
    else {
      lines.push(line);
      line = `    ${part}`;
    }
  }
  return [...lines, line].join('\n');
}

/** One entry per epoch. */
const lines: Listener = ({ type, epoch, epochs, logs, stopped }) => {
  if (type === 'epoch') console.log(folded([`epoch ${epoch + 1}/${epochs}`, ...written(logs)]));
  if (type === 'end' && stopped) console.log(`stopped: ${stopped}`);
};

/** A progress bar on the terminal, with a line above it for each finished epoch. */
async function bar(): Promise<Display> {
  const { default: progress } = await import('cli-progress');
  const meter = new progress.SingleBar({
    format: '{bar} epoch {epoch}/{epochs}  step {value}/{total}  {rate} steps/s  ETA {eta_formatted}  {logs}',
    barsize: 24,
    clearOnComplete: true,
    // keep the cursor visible and the terminal's own wrapping on: a process that is killed then leaves nothing to restore
    hideCursor: false,
    linewrap: true,
  });
  const stop = (): void => {
    // cli-progress returns to the saved cursor position: save it here, not at the start, where the lines of epochs are by now
    if (meter.isActive) process.stderr.write('\x1b7');
    meter.stop();
  };
  let started = 0;
  let first = 0;
  const tell: Listener = event => {
    const { type, epoch, epochs, step, stepsPerEpoch, logs } = event;
    if (type === 'begin') {
      started = performance.now();
      first = step;
      meter.start(stepsPerEpoch ? stepsPerEpoch * epochs : 0, step, { epoch: epoch + 1, epochs, rate: '–', logs: '' });
    } else if (type === 'step') {
      const rate = (((step - first) * 1000) / (performance.now() - started)).toPrecision(3);
      if (!stepsPerEpoch) meter.setTotal(step);
      meter.update(step, { epoch: epoch + 1, epochs, rate, logs: written({ cost: logs.cost ?? Number.NaN }).join('') });
    } else if (type === 'epoch') {
      process.stderr.write('\r\x1b[K');
      lines(event);
    } else {
      stop();
      lines(event);
    }
  };
  return { tell, stop };
}
