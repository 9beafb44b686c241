/** Activations as PyTorch functions. */
import { axisIn, type Layout } from './layout.ts';
import { refuse, type Site } from './site.ts';

/** Activations with one argument, as functions that can be passed as arguments. */
const functions: Readonly<Record<string, string>> = {
  elu: 'F.elu',
  gelu: 'F.gelu',
  mish: 'F.mish',
  relu: 'F.relu',
  relu6: 'F.relu6',
  selu: 'F.selu',
  sigmoid: 'torch.sigmoid',
  softplus: 'F.softplus',
  softsign: 'F.softsign',
  swish: 'F.silu',
  tanh: 'torch.tanh',
};

const snake: Readonly<Record<string, string>> = {
  hard_sigmoid: 'hardSigmoid',
  log_softmax: 'logSoftmax',
  geluNew: 'gelu_new',
  silu: 'swish',
};
const nameOf = (activation: string): string => snake[activation] ?? activation;

/** An activation as a function: `F.relu`. */
export function functionOf(site: Site, activation: string): string {
  const name = nameOf(activation);
  if (name === 'hardSigmoid') return site.write.helper('hard_sigmoid');
  if (name === 'linear') return 'nn.Identity()';
  return functions[name] ?? refuse(site, `PyTorch has no activation "${name}" that takes one argument.`);
}

/** An activation applied to an expression. */
export function activated(site: Site, activation: string, expr: string, rank: number, layout: Layout): string {
  const name = nameOf(activation);
  if (name === 'linear' || name === '') return expr;
  if (name === 'softmax' || name === 'logSoftmax') {
    const call = name === 'softmax' ? 'F.softmax' : 'F.log_softmax';
    return `${call}(${expr}, dim=${rank < 3 ? -1 : axisIn(-1, rank, layout)})`;
  }
  if (name === 'gelu_new') return `F.gelu(${expr}, approximate="tanh")`;
  return `${functionOf(site, name)}(${expr})`;
}
