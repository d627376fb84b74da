/** A rectangle: 0..1 of an image's width and height. */
export interface RelativeRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
