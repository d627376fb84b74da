/** A square part of an image at one of several scales, in units of the image's shorter side. */
export interface ImageWindow {
  /** How many times the windows of this scale fit into the shorter side. */
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}
