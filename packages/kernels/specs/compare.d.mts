export interface SpecCounts {
  readonly passed: number;
  readonly failed: number;
}

export interface SpecComparison {
  readonly stock: SpecCounts;
  readonly ours: SpecCounts;
  /** Full names of the specs that stock passes and our kernels do not. */
  readonly regressed: readonly string[];
  /** Full names of the specs that stock fails and our kernels pass. */
  readonly mended: readonly string[];
}

export declare const leastMended: number;
/** Of the specs whose full names match the filter; on wasm by default. */
export declare function compareSpecs(filter?: string, backend?: 'wasm' | 'cpu'): Promise<SpecComparison>;
