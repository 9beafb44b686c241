import { type Tensor, tidy } from '@tensorflow/tfjs-core';

/** A tidy for any result: disposes everything except the tensors in it; by default there are none. */
export function tidied<T>(f: () => T, tensorsIn: (result: T) => Tensor[] = () => []): T {
  let result!: T;
  tidy(() => {
    result = f();
    return tensorsIn(result);
  });
  return result;
}
