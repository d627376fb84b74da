/** A share as a person reads it: “84.0 %”. No line ends between the number and its unit. */
export function percent(share: number): string {
  return `${bare(share)}\u00a0%`;
}

/** The same without its unit. */
export function bare(share: number): string {
  return (100 * share).toFixed(1);
}

export function intervalOf({ low, high }: { readonly low: number; readonly high: number }): string {
  return `95 % interval ${percent(low)} to ${percent(high)}`;
}

/** A difference with its sign. */
export function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** “p = 0.031” */
export function pValueOf(value: number): string {
  return value < 0.001 ? 'p\u00a0<\u00a00.001' : `p\u00a0=\u00a0${value.toFixed(3)}`;
}
