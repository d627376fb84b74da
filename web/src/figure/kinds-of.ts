import type { FigureDetail } from './queries';

/** Other words for a modality, as image types of segmentation models write them. */
const otherWords: Readonly<Record<string, string>> = {
  histology: 'pathology',
  'light-microscopy': 'microscopy',
  'fluorescence-microscopy': 'microscopy fluorescence',
  'electron-microscopy': 'microscopy electron',
  'fundus-photograph': 'fundus retina',
  angiography: 'x-ray',
  radiograph: 'x-ray',
};

/** Kinds of figure, and modalities of records, in which there is nothing that a segmentation model knows. */
const drawn = new Set(['plot', 'chart', 'graph', 'diagram', 'map', 'table', 'chemical structure']);

/** What is known of the kind of image that a figure is: words that may name an image type, and whether it is a drawing. */
export interface Kinds {
  readonly words: string;
  readonly isDrawn: boolean;
}

export function kindsOf({ modality, panels }: Pick<FigureDetail, 'modality' | 'panels'>): Kinds {
  const predicted = panels.flatMap((panel) => (panel.predicted === null ? [] : [panel.predicted]));
  const modalities = [modality, ...predicted.map((one) => one.modality)].filter((one) => one !== null);
  const words = modalities.flatMap((one) => [one, otherWords[one.toLowerCase()] ?? '']).join(' ');
  const kind = modality ?? predicted[0]?.figureType ?? '';
  return { words, isDrawn: drawn.has(kind.toLowerCase()) };
}
