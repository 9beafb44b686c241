export { type ElasticNetOptions, elasticNet } from './elasticNet.ts';
export { type GroupLassoOptions, groupLasso, groupNorm } from './groupLasso.ts';
export { absoluteSum, type L1Options, l1 } from './l1.ts';
export { type ProximalL1Options, proximalL1, softThreshold } from './proximalL1.ts';
