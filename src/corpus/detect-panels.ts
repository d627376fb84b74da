import type { PanelSplit } from '../domain/found-panel.js';
import { alignPanels } from '../imaging/panels/align-panels.js';
import { selectDetections, toPixels } from '../imaging/panels/detected-boxes.js';
import type { ImageFile, ImageReader } from '../ports/image-reader.js';
import type { PanelPredictor } from '../ports/panel-predictor.js';

/** Raised where panels of the same answers of a detector are found otherwise. */
const alignment = 1;

/** The rule by which a detector finds panels: another one finds others, and figures are stored anew by the next ingest. */
export function detectionRule({ model }: PanelPredictor): string {
  return `panels by detector ${model.version}, ${alignment}`;
}

/** @throws {FigseekError} what a reader of images and a detector throw */
export async function detectPanels(
  image: ImageFile,
  caption: string,
  detector: PanelPredictor,
  reader: Pick<ImageReader, 'read'>,
): Promise<PanelSplit> {
  const { preparation, limits } = detector.model;
  const { pixels, width, height } = await reader.read(image, preparation, 'bulk');
  const found = selectDetections(await detector.detect(pixels), limits);
  const boxes = found.flatMap((one) => toPixels(one, width, height));
  return alignPanels(boxes, caption, 'DETECTOR');
}
