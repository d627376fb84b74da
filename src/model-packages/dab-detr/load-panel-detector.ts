import path from 'node:path';
import type { PanelDetector } from '../../domain/panel-detector.js';
import { resizeNames, type PanelDetectorManifest } from '../package-manifest.js';

/** A verified package → what the rest of the product uses. */
export function loadPanelDetector(folder: string, manifest: PanelDetectorManifest): PanelDetector {
  const { name, version, imageSize, resize, minScore, maxOverlap, license, warning, detector } = manifest;
  return {
    ...{ name, version, license, warning },
    preparation: { size: imageSize, ...resizeNames[resize], fill: 0 },
    limits: { minScore, maxOverlap },
    graph: path.join(folder, detector.graph.file),
  };
}
