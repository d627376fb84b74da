import { FigseekError, unknownFigure } from '../domain/errors.js';
import type { Figure } from '../domain/figure.js';
import { panelsSchema } from '../domain/figure-record.js';
import { issuesInWords } from '../domain/issues.js';
import type { Viewer } from '../domain/viewer.js';
import type { FigureStore } from '../ports/figure-store.js';
import type { FigureWriter } from '../ports/figure-writer.js';
import type { FigureBuilder } from './figure-builder.js';
import { addedSource } from './figure-editor.js';

/** Lets people say which panels a figure has. What they say stays when the figure's record is read again. */
export class PanelCorrections {
  constructor(
    /** Of the model that serves. */
    private readonly currentMaker: () => Pick<FigureBuilder, 'correct'>,
    private readonly figures: Pick<FigureStore, 'figure'>,
    private readonly writer: Pick<FigureWriter, 'correctPanels' | 'releasePanels'>,
  ) {}

  /**
   * Puts panels in the place of those that a figure has beside the whole.
   * @param panels as the panels of a record: pixels of the image as it is shown; none: the figure stays whole
   * @throws {FigseekError} NOT_FOUND; BAD_USER_INPUT for panels that are not valid or do not lie within the image; CONFLICT
   *   where the figure was given another image meanwhile; what an encoder and a reader of images throw
   */
  async correct(_viewer: Viewer, figureId: string, panels: readonly unknown[]): Promise<Figure> {
    const figure = await this.find(figureId);
    const parsed = panelsSchema.safeParse(panels);
    if (!parsed.success) {
      const issues = parsed.error.issues.map((issue) => ({ ...issue, path: ['panels', ...issue.path] }));
      throw new FigseekError('BAD_USER_INPUT', `The panels are not valid: ${issuesInWords(issues)}`);
    }
    await this.writer.correctPanels(await this.currentMaker().correct(figure, parsed.data));
    return this.find(figureId);
  }

  /**
   * Gives up what a person said: the panels stay until the next ingest of the figure's source, which takes those that the
   * record names or that are found.
   * @throws {FigseekError} NOT_FOUND; CONFLICT for a figure that no ingest will read again, or whose panels nobody corrected
   */
  async release(_viewer: Viewer, figureId: string): Promise<Figure> {
    const figure = await this.find(figureId);
    if (figure.panelOrigin !== 'PERSON') {
      throw new FigseekError('CONFLICT', `Nobody corrected the panels of the figure ${figure.id}`);
    }
    if (figure.source === addedSource) {
      const advice = 'set its panels in place of releasing them';
      throw new FigseekError(
        'CONFLICT',
        `The figure ${figure.id} was added by a client, no ingest reads it: ${advice}`,
      );
    }
    await this.writer.releasePanels(figure.id);
    return this.find(figureId);
  }

  private async find(id: string): Promise<Figure> {
    const figure = await this.figures.figure(id);
    if (figure === null) throw unknownFigure(id);
    return figure;
  }
}
