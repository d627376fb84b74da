import type { FigureTypeName } from './figure-classes.js';

/** PANELS: a whole figure that has panels is compound, which is no guess. */
export type ClassMethod = 'PANELS' | 'ZERO_SHOT' | 'LINEAR_HEAD';

/** What a classifier says of a panel. Probabilities are 0..1. */
export interface PanelClass {
  readonly method: ClassMethod;
  readonly figureType: FigureTypeName;
  readonly figureTypeProbability: number;
  /** An imaging technique; null for plots, diagrams and others that have none. */
  readonly modality: string | null;
  readonly modalityProbability: number | null;
}

export const compoundByPanels: PanelClass = {
  ...{ method: 'PANELS', figureType: 'compound', figureTypeProbability: 1 },
  ...{ modality: null, modalityProbability: null },
};
