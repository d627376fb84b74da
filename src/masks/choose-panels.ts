import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';

/** Finds the panel of a figure whose image is most similar to a text, by the vectors of the active model. */
export interface BestPanels {
  /**
   * @param panels all panels of one figure, in their order
   * @returns a panel for each text
   * @throws {FigseekError} NOT_FOUND for no panels; RATE_LIMITED and TIMEOUT
   */
  select(panels: readonly Panel[], texts: readonly string[]): Promise<readonly Panel[]>;
}

/**
 * The panel in which each prompt is looked for: the wanted one, else the one whose image fits the prompt best.
 * @param panels all panels of one figure, the whole figure first
 * @param wanted the id of a panel; null for none
 * @throws {FigseekError} BAD_USER_INPUT for a panel that is not one of the figure's, and as `BestPanels.select`
 */
export async function choosePanels(
  panels: readonly Panel[],
  prompts: readonly string[],
  wanted: string | null,
  best: BestPanels,
): Promise<readonly Panel[]> {
  if (wanted !== null) {
    const panel = findPanel(wanted, panels);
    return prompts.map(() => panel);
  }
  // The model is used only where there are several parts to compare.
  const only = panels.length <= 2 ? panels.at(-1) : undefined;
  return only === undefined ? best.select(panels, prompts) : prompts.map(() => only);
}

/** @throws {FigseekError} BAD_USER_INPUT naming the panels of the figure */
function findPanel(wanted: string, panels: readonly Panel[]): Panel {
  const panel = panels.find(({ id }) => id === wanted);
  if (panel !== undefined) return panel;
  const there = panels.map(({ id }) => id).join(', ') || 'none, as panels are parts of stored figures';
  const received = wanted.slice(0, 80);
  throw new FigseekError('BAD_USER_INPUT', `Expected a panel of this figure (${there}) but received ${received}`);
}
