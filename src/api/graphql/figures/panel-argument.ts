import { FigseekError } from '../../../domain/errors.js';
import type { Figure, Panel } from '../../../domain/figure.js';
import { validatePrompt } from '../../../domain/mask.js';
import type { ActiveModel } from '../../../app/active-model.js';
import type { Loaders } from '../search/loaders.js';

/**
 * The panel of a figure that is asked for, else the one whose image fits some words best.
 * @throws {FigseekError} BAD_USER_INPUT for a panel that is not the figure's, and for words that are no prompt; as `BestPanels.of`
 */
export async function chosenPanel(
  figure: Figure,
  { panelId, words }: { readonly panelId: string | null | undefined; readonly words: string },
  { loaders, live }: { readonly loaders: Loaders; readonly live: ActiveModel },
): Promise<Panel> {
  if (panelId == null) {
    const panels = await loaders.panelsOfFigure.load(figure.id);
    const [best] = await live.current.bestPanels.select(panels, [validatePrompt(words)]);
    if (best?.figureId === figure.id) return best;
  } else {
    const panel = await loaders.panel.load(panelId);
    if (panel?.figureId === figure.id) return panel;
  }
  throw new FigseekError('BAD_USER_INPUT', 'Expected a panel of this figure');
}
