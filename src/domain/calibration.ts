/** How the runs of a model are cut. */
export interface BatchConfig {
  /** Threads of one run. */
  readonly threads: number;
  /** Images of one run. */
  readonly batch: number;
  /** Tokens of one run of texts, over all of them. */
  readonly tokens: number;
}

/** What suits a model on this machine, and the speed that it reaches with it. */
export interface Calibration extends BatchConfig {
  readonly imagesPerSecond: number;
}
