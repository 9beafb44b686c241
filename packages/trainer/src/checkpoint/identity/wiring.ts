import { type Graph, graphsOf } from '@keepprob/core/driver';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/**
 * The sources of the inputs of each layer call, and of the outputs of each model: `3-Add`: `2-Dense, 1-Dense`; in nested models `4-Model/1-Dense`. A second call of
 * a layer is `2-Dense#1`, a second output of a call `2-LSTM[1]`, an input of the model `input 0`.
 */
export const wiringOf = (model: LayersModel): Record<string, string> =>
  Object.assign({}, ...graphsOf(model).map(wiringOfGraph));

function wiringOfGraph({ model, path, calls }: Graph): Record<string, string> {
  const sources = new Map<SymbolicTensor, string>(model.inputs.map((input, i) => [input, `input ${i}`]));
  for (const { id, outputs } of calls) {
    for (const [i, output] of outputs.entries()) sources.set(output, i ? `${id}[${i}]` : id);
  }
  const said = (tensors: readonly SymbolicTensor[]): string => tensors.map(tensor => sources.get(tensor)).join(', ');
  return {
    ...Object.fromEntries(calls.map(({ id, inputs, args }) => [id, `${said(inputs)}${plain(args)}`])),
    [path ? `${path}/outputs` : 'outputs']: said(model.outputs),
  };
}

/** The plain values among the arguments of a call, as JSON: ` {"training":true}`. */
function plain(args: object): string {
  const entries = Object.entries(args).filter(([, value]) => ['boolean', 'number', 'string'].includes(typeof value));
  return entries.length ? ` ${JSON.stringify(Object.fromEntries(entries))}` : '';
}
