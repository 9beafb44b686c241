/** Four features, two classes that two of them decide. */
export const rows = (count = 40) => {
  const x = Array.from({ length: count }, (_, i) => [Math.sin(i), Math.cos(i), i % 3, Math.sin(7 * i)]);
  return { x, y: x.map(([a, , , b]) => (a + b > 0 ? [1, 0] : [0, 1])) };
};
