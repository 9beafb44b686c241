export { clampBelow, fill, fillRows } from './activation';
export { convolve, convolveFilterGradient, geometry, placePhase, turnFilter } from './conv';
export { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
export { applyMask, dropout, dropoutBytes, setDraw } from './dropout';
export { gemm, scratchBytes } from './gemm';
export { dotRows, sumRows } from './gemv';
export { avgPoolGradient, maxPoolGradient } from './pool';
export { segmentSum, sumColumns, sumEachRow, sumOf } from './reduce';
export { adam, momentum, projectColumns, sgd } from './update';
