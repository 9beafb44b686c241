/** What `install()` did. */
export interface Report {
  /** False where the stock kernels stay; `reason` says why. */
  readonly installed: boolean;
  /** The backend whose kernels these are. */
  readonly backend: string;
  /** The kernels that were replaced or added, by TF.js' names. */
  readonly kernels: readonly string[];
  readonly reason?: string;
}
