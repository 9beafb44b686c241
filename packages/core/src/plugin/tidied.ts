import { type Tensor, tidy } from '@tensorflow/tfjs-core';

/** A tidy for any result: lets go of everything but the tensors in it, which are none by default. */
export function tidied<T>(f: () => T, tensorsIn: (result: T) => Tensor[] = () => []): T {
  let result!: T;
  tidy(() => {
    result = f();
    return tensorsIn(result);
  });
  return result;
}
