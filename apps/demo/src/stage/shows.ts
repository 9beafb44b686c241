/** How values of parameters are written, and the ladders that several scenes share. */

/** 0.5, 0.55, … 1: both ends included. */
export const twentieths = (from: number, to: number): number[] =>
  Array.from({ length: Math.round((to - from) * 20) + 1 }, (_, i) => Math.round((from + i / 20) * 100) / 100);

export const plain = (value: number): string => String(value);
/** Of a whole number: 12,345. By hand: the first use of the browser's own numbers keeps a page for 20 ms. */
export const count = (value: number): string => String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
export const share = (value: number): string => value.toFixed(2);
/** 95 % */
export const whole = (value: number): string => `${Math.round(100 * value)}\u202f%`;
export const percent = (value: number): string => `${(100 * value).toFixed(1)}\u202f%`;

/** 3 × 10⁻⁵ */
export const power = (value: number): string => {
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  const raised = exponent.replace('-', '⁻').replace(/[0-9]/g, digit => '⁰¹²³⁴⁵⁶⁷⁸⁹'.charAt(Number(digit)));
  return digits === '1' ? `10${raised}` : `${digits} × 10${raised}`;
};

export const orOff =
  (show: (value: number) => string) =>
  (value: number): string =>
    value === 0 ? 'off' : show(value);
