import type { Box } from './figure.js';

/** A panel that was found in a compound figure, with what the caption says of it. */
export interface FoundPanel {
  readonly label: string;
  readonly caption: string;
  /** Pixels of the image, as it is shown. */
  readonly box: Box;
}
