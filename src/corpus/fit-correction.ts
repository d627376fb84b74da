import type { Box } from '../domain/figure.js';
import type { PanelCorrection } from '../domain/record-source.js';

type Size = Pick<Box, 'width' | 'height'>;

/** Another copy of the same image may be a pixel longer; a difference in shape of more than this is another image. */
const mostDistortion = 0.01;

/**
 * A person's panels on the image that a record has now: its boxes are scaled where the image is the same in another size.
 * @returns null where the image has another shape: nobody knows where the panels lie in it
 */
export function fitCorrection(
  correction: Pick<PanelCorrection, 'width' | 'height' | 'panels'>,
  image: Size,
): PanelCorrection['panels'] | null {
  const [across, down] = [image.width / correction.width, image.height / correction.height];
  if (Math.abs(across / down - 1) > mostDistortion) return null;
  return correction.panels.map((panel) => ({ ...panel, box: scaled(panel.box, across, down, image) }));
}

/** With whole pixels, at least one of them, within the image. */
function scaled({ x, y, width, height }: Box, across: number, down: number, image: Size): Box {
  const span = (start: number, length: number, factor: number, most: number): readonly [number, number] => {
    const from = Math.min(Math.round(start * factor), most - 1);
    const to = Math.min(Math.max(Math.round((start + length) * factor), from + 1), most);
    return [from, to - from];
  };
  const [left, newWidth] = span(x, width, across, image.width);
  const [top, newHeight] = span(y, height, down, image.height);
  return { x: left, y: top, width: newWidth, height: newHeight };
}
