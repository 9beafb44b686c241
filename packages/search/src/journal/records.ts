/**
 * Entries as records of Optuna's journal (optuna/storages/journal/_storage.py, format of 4.0 to 5.0), so that Optuna, its dashboard and pandas can read the
 * searches. A trial is created with all its parameters in one record, so there is never half of one. Data that Optuna has no field for are in attributes
 * that start with `keepprob:`; results from after the end of a trial are in attributes of the study, since Optuna accepts none for an ended trial.
 */
import type { Dimension, Point } from '../contract.ts';
import { numberIn } from '../space/points.ts';
import type { Entry, Header } from './entries.ts';

export const OP = {
  createStudy: 0,
  studyAttribute: 3,
  createTrial: 4,
  endTrial: 6,
  intermediate: 7,
  trialAttribute: 9,
} as const;

/** `TrialState` of Optuna. */
export const STATES = { complete: 1, pruned: 2, failed: 3 } as const;

export const ATTRIBUTE = {
  point: 'keepprob:point',
  off: 'keepprob:off',
  unit: 'keepprob:unit:',
  stopped: 'keepprob:stopped',
  confirmed: 'keepprob:confirmed:',
  outcome: 'keepprob:outcome',
  /** Defined by Optuna. */
  reason: 'fail_reason',
} as const;

type Fields = Readonly<Record<string, unknown>>;

export interface Writing {
  readonly dimensions: readonly Dimension[];
  /** Optuna's id of a trial of this search. */
  id(trial: number): number;
  readonly now: Date;
}

/** The search is the only study of the journal. */
const study = { study_id: 0 };

/** All records of an entry but the last are marked with `more`: if a journal was cut between them, the entry does not count. */
export const recordsOf = (entry: Entry, writing: Writing): Fields[] =>
  partsOf(entry, writing).map((record, i, { length }) => (i + 1 < length ? { ...record, more: true } : record));

function partsOf(entry: Entry, { dimensions, id, now }: Writing): Fields[] {
  const time = now.toISOString().replace('Z', '000+00:00');
  switch (entry.type) {
    case 'search':
      return ofSearch(entry.header);
    case 'trial': {
      const { point, isOff } = entry;
      const attributes = { [ATTRIBUTE.point]: point, ...(isOff && { [ATTRIBUTE.off]: true }) };
      return [
        {
          op_code: OP.createTrial,
          ...study,
          datetime_start: time,
          ...parameters(dimensions, point),
          system_attrs: attributes,
        },
      ];
    }
    case 'unit': {
      const { result } = entry;
      const trial_id = id(result.trial);
      return [
        {
          op_code: OP.trialAttribute,
          trial_id,
          system_attr: { [`${ATTRIBUTE.unit}${result.fold}:${result.seed}`]: result },
        },
        { op_code: OP.intermediate, trial_id, step: result.fold, intermediate_value: result.value },
      ];
    }
    case 'confirmed': {
      const { result } = entry;
      const name = `${ATTRIBUTE.confirmed}${result.trial}:${result.fold}:${result.seed}`;
      return [{ op_code: OP.studyAttribute, ...study, system_attr: { [name]: result } }];
    }
    case 'outcome':
      return [{ op_code: OP.studyAttribute, ...study, system_attr: { [ATTRIBUTE.outcome]: entry.outcome } }];
    case 'end': {
      const { state, value, reason, stopped } = entry;
      const trial_id = id(entry.trial);
      const ended = { op_code: OP.endTrial, trial_id, state: STATES[state], values: value === null ? null : [value] };
      const why = {
        ...(reason !== null && { [ATTRIBUTE.reason]: reason }),
        ...(stopped && { [ATTRIBUTE.stopped]: stopped }),
      };
      const told = Object.entries(why).map(([name, of]) => ({
        ...{ op_code: OP.trialAttribute, trial_id },
        system_attr: { [name]: of },
      }));
      return [...told, { ...ended, datetime_complete: time }];
    }
  }
}

const ofSearch = (header: Header): Fields[] => [
  { op_code: OP.createStudy, study_name: 'keepprob', directions: [header.mode === 'min' ? 1 : 2], keepprob: header },
  { op_code: OP.studyAttribute, ...study, system_attr: { 'study:metric_names': [header.metric] } },
];

/** The parameters within Optuna's distributions: "off" may lie outside the bounds. */
function parameters(dimensions: readonly Dimension[], point: Point): Fields {
  const inside = dimensions.filter(dimension => holds(dimension, numberIn(point, dimension.name)));
  return {
    distributions: Object.fromEntries(inside.map(dimension => [dimension.name, distributionOf(dimension)])),
    params: Object.fromEntries(inside.map(({ name }) => [name, point[name]])),
  };
}

const holds = (dimension: Dimension, value: number | undefined): boolean => {
  if (value === undefined || dimension.kind === 'choice') return value !== undefined;
  return value >= dimension.low && value <= dimension.high;
};

function distributionOf(dimension: Dimension): string {
  if (dimension.kind === 'choice')
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: dimension.labels } });
  const { kind, low, high, log, step } = dimension;
  if (kind === 'int')
    return JSON.stringify({ name: 'IntDistribution', attributes: { log, step: step ?? 1, low, high } });
  return JSON.stringify({ name: 'FloatDistribution', attributes: { step: step ?? null, low, high, log } });
}
