import { FigseekError } from '../../../domain/errors.js';
import type { Figure, Panel } from '../../../domain/figure.js';
import { validatePrompt } from '../../../domain/mask.js';
import type { ActiveModel } from '../../../app/active-model.js';
import { choosePanels } from '../../../masks/choose-panels.js';
import type { Loaders } from '../search/loaders.js';

/**
 * The panel of a figure that is asked for, else the one whose image fits some words best.
 * @throws {FigseekError} BAD_USER_INPUT for words that are no prompt; as `choosePanels`
 */
export async function chosenPanel(
  figure: Figure,
  { panelId, words }: { readonly panelId: string | null | undefined; readonly words: string },
  { loaders, live }: { readonly loaders: Loaders; readonly live: ActiveModel },
): Promise<Panel> {
  const panels = await loaders.panelsOfFigure.load(figure.id);
  const prompt = panelId == null ? validatePrompt(words) : words;
  const [panel] = await choosePanels(panels, [prompt], panelId ?? null, live.current.bestPanels);
  if (panel === undefined) throw new FigseekError('NOT_FOUND', `The figure ${figure.id} has no panels`);
  return panel;
}
