import { Args, Context, ID, Mutation, Resolver } from '@nestjs/graphql';
import { FigseekError } from '../../../domain/errors.js';
import { FigureEditor } from '../../../corpus/figure-editor.js';
import { PanelCorrections } from '../../../corpus/panel-corrections.js';
import { AddFigureInput, PanelInput } from './edit.inputs.js';
import { fromBase64 } from '../search/search.inputs.js';
import { FigureType } from './types.js';
import type { GraphContext } from '../server/graph-context.js';
import { Uploads } from '../../../corpus/uploads.js';
import type { Viewer } from '../../../domain/viewer.js';

@Resolver()
export class EditResolver {
  constructor(
    private readonly editor: FigureEditor,
    private readonly uploads: Uploads,
    private readonly corrections: PanelCorrections,
  ) {}

  @Mutation(() => FigureType, { description: 'Adds one figure at once; it is found by the next search.' })
  async addFigure(
    @Args('input') { uploadId, base64, sourceKey, ...record }: AddFigureInput,
    @Context() { viewer }: GraphContext,
  ) {
    return this.editor.add(viewer, await this.bytes(viewer, uploadId ?? null, base64 ?? null), {
      ...record,
      sourceKey: sourceKey ?? null,
    });
  }

  @Mutation(() => ID, { description: 'Deletes a figure with its vectors, words and image; answers its id.' })
  async deleteFigure(@Args('id', { type: () => ID }) id: string, @Context() { viewer }: GraphContext): Promise<string> {
    await this.editor.delete(viewer, id);
    return id;
  }

  @Mutation(() => FigureType, {
    description:
      'Puts panels in the place of those that a figure has beside the whole; none: it stays whole. They stay when its record is read again.',
  })
  async setFigurePanels(
    @Args('figureId', { type: () => ID }) figureId: string,
    @Args('panels', { type: () => [PanelInput] }) panels: PanelInput[],
    @Context() { viewer }: GraphContext,
  ) {
    return this.corrections.correct(viewer, figureId, panels);
  }

  @Mutation(() => FigureType, {
    description:
      'Gives up panels that were set by `setFigurePanels`: the next ingest of the source takes those of its record, or finds them.',
  })
  async releaseFigurePanels(
    @Args('figureId', { type: () => ID }) figureId: string,
    @Context() { viewer }: GraphContext,
  ) {
    return this.corrections.release(viewer, figureId);
  }

  private async bytes(viewer: Viewer, uploadId: string | null, base64: string | null): Promise<Uint8Array> {
    if (uploadId !== null && base64 === null) return this.uploads.bytes(viewer, uploadId);
    if (base64 !== null && uploadId === null) return fromBase64(base64);
    throw new FigseekError('BAD_USER_INPUT', 'Expected exactly one of uploadId and base64 as the image');
  }
}
