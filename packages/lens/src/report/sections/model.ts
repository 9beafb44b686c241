import type { Json } from '@keepprob/core';
import { type ModelFacts, modelFacts } from '../modelFacts.ts';
import { notes, table } from '../parts.ts';
import type { Section, Subject } from '../section.ts';

const count = (n: number): string => n.toLocaleString('en');

const lossInWords = ({ loss, options }: Subject, compiled: unknown): string => {
  if (!loss) return 'The loss is not known.';
  const from = options.loss ? 'as given' : compiled ? 'as compiled' : 'the one that matches the last activation';
  return `Loss: ${typeof loss === 'string' ? loss : 'a function, or one for each output'} (${from}).`;
};

function verdictOf({ layers, parameters, plugins }: ModelFacts): string {
  const regularized = layers.filter(({ regularizers }) => regularizers.length);
  const inside = regularized.map(({ name, regularizers }) => `"${name}" (${regularizers.join(', ')})`);
  const outside = plugins.map(({ name }) => name);
  const size = `${layers.length} layers, ${count(parameters.total)} parameters${parameters.trained === parameters.total ? '' : `, ${count(parameters.trained)} of them trained`}.`;
  const all = [...inside, ...outside];
  return `${size} ${all.length ? `Regularized by ${all.join(', ')}.` : 'Nothing in it regularizes.'}`;
}

/** Options in words, functions by their names: `l2 0.0001, where isKernel`. */
function optionsInWords(config: Json): string {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) return JSON.stringify(config);
  const worded = (value: Json): string => {
    const called =
      value && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).join() === 'function';
    return called ? String(Object.values(value)[0]) : typeof value === 'string' ? value : JSON.stringify(value);
  };
  const options = Object.entries(config).filter(([, value]) => value !== null);
  return options.map(([key, value]) => `${key} ${worded(value)}`).join(', ') || '–';
}

function tableOf({ layers }: ModelFacts): string[][] {
  const lines = layers.map(({ name, className, output, parameters, trained, regularizers }) => [
    name,
    className,
    output
      .map(size => size ?? 'any')
      .join(' × ')
      .replace(/^any/, 'rows'),
    parameters ? `${count(parameters)}${trained ? '' : ', frozen'}` : '–',
    regularizers.join('; ') || '–',
  ]);
  return [['layer', 'class', 'output', 'parameters', 'regularizes'], ...lines];
}

export const model: Section<ModelFacts & { readonly loss: string | null }> = {
  question: 'What is this model, and what regularizes it?',
  answer(subject) {
    const { plugins } = subject.options;
    const facts = modelFacts(subject.model, plugins);
    const { warnings } = facts;
    const { loss } = subject;
    return {
      verdict: verdictOf(facts),
      tone: warnings.length ? 'act' : 'plain',
      body: [
        ...notes(warnings),
        ...table(tableOf(facts)),
        ...table(
          facts.plugins.length
            ? [['plugin', 'options'], ...facts.plugins.map(p => [p.name, optionsInWords(p.config)])]
            : [],
        ),
        ...notes([lossInWords(subject, (subject.model as { readonly loss?: unknown }).loss)]),
      ],
      finding: { ...facts, loss: typeof loss === 'string' ? loss : null },
      unknown: plugins.length
        ? []
        : ['A model does not know what else it was trained with, such as L2, weight decay or early stopping.'],
    };
  },
};
