/**
 * What a run measures for each output, by the position of the output: { '0Loss': 'policyLoss', '0Accuracy': 'policyAccuracy' }. Logs have the names of
 * outputs, and TF.js counts the names that nobody gave per process.
 */
export type LogNames = Readonly<Record<string, string>>;

/** `accuracy` of the dev data is `valAccuracy`. */
export const inCurve = (curve: string, log: string): string => `${curve}${log.charAt(0).toUpperCase()}${log.slice(1)}`;

/** What a log is called now that was called otherwise in another process; a log that is not of one output has one name. */
export function renaming(before: LogNames, now: LogNames): (log: string) => string {
  const names = new Map(
    Object.entries(before).flatMap(([position, log]) => {
      const name = now[position];
      if (name === undefined) return [];
      return [[log, name], ...['clean', 'val'].map(curve => [inCurve(curve, log), inCurve(curve, name)])] as [
        string,
        string,
      ][];
    }),
  );
  return log => names.get(log) ?? log;
}
