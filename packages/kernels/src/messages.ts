/** Messages of this package. Each says what was expected, what came, and what to do. */

export const onlyFloat = (kernel: string, dtype: string): string =>
  `@keepprob/kernels: ${kernel} on the wasm backend takes float32. Received: ${dtype}. Cast the tensor: \`x.toFloat()\`.`;
export const gradientShape = (kernel: string, dy: readonly number[], expected: readonly number[]): string =>
  `@keepprob/kernels: ${kernel} expects dy of the shape of the result, [${expected}]. Received: [${dy}].`;
