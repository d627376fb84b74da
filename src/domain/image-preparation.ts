export const resizeModes = ['shortest', 'longest', 'squash'] as const;
export const interpolations = ['bicubic', 'bilinear'] as const;

/** How an image becomes the input of a dual encoder: the fields of open_clip's `preprocess_cfg` (src/open_clip/transform.py). */
export interface ImagePreparation {
  /** Side of the square input in pixels. */
  readonly size: number;
  /**
   * `shortest`: the shorter side is resized to `size`, and the center is cropped. `longest`: the longer side is resized to
   * `size`, and the rest is filled on both sides. `squash`: both sides are resized to `size`.
   */
  readonly resizeMode: (typeof resizeModes)[number];
  /** Pillow's filter of that name, with antialias. */
  readonly interpolation: (typeof interpolations)[number];
  /** Value of the filled pixels in each channel, 0 to 255; only `longest` fills. */
  readonly fill: number;
}
