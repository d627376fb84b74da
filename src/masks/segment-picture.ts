import { computeAreaMm2, type Figure, type Panel, type PixelSpacing } from '../domain/figure.js';
import { FigseekError } from '../domain/errors.js';
import { validatePrompt, writtenPrompt } from '../domain/mask.js';
import type { Segmenter } from '../domain/segmenter.js';
import { translateMask, wholeBox } from '../imaging/masks/translate-mask.js';
import type { BlobStore } from '../ports/blob-store.js';
import type { ImageFile, ImageReader } from '../ports/image-reader.js';
import type { MaskPredictor } from '../ports/mask-predictor.js';
import { choosePanels, type BestPanels } from './choose-panels.js';
import { predictMasks, preparePrompts, type PromptedMask } from './segment-image.js';
import { typesKnowing } from './statistics/plausibility.js';

/** An image to segment: a file, or that of a stored figure. */
export interface SegmentablePicture {
  readonly image: ImageFile;
  readonly width: number;
  readonly height: number;
  readonly license: string | null;
  readonly modality: string | null;
  readonly pixelSpacing: PixelSpacing | null;
  /** The panels of a stored figure, the whole figure first; none for a file. */
  readonly panels: readonly Panel[];
}

export interface SegmentationRequest {
  /** As a person wrote them; equal prompts in different spellings are looked for once. */
  readonly prompts: readonly string[];
  /** Null: the panel whose image fits a prompt best. */
  readonly panelId: string | null;
  /** Where several image types know a prompt, the one whose statistics count. */
  readonly imageType: string | null;
  /** A segmenter package; null for the only one there is, the starter aside. */
  readonly model: string | null;
  /** Side of the square that the model works on; null for the package's own. */
  readonly size: number | null;
}

/** A mask in its place on the whole image. */
export interface PlacedMask extends PromptedMask {
  /** The panel in which the prompt was looked for; null for a file. */
  readonly panel: Panel | null;
  /** The image types that know the prompt. */
  readonly knownTypes: readonly string[];
  /** In square millimeters; null where the pixel spacing is not known. */
  readonly areaMm2: number | null;
  /** The same mask on the panel alone, of which its share is reported. */
  readonly onPanel: PromptedMask;
}

/** Draws masks on one image. Panels, image types and pixels are chosen and prepared as for the masks of a server. */
export class SegmentPicture {
  /** @param openPredictor runs a segmenter package, null for the only one; closed here */
  constructor(
    private readonly openPredictor: (model: string | null) => Promise<MaskPredictor>,
    private readonly reader: Pick<ImageReader, 'readForSegmenter'>,
    private readonly best: BestPanels,
  ) {}

  /**
   * @param receive is given the segmenter and its masks, one after the other: prompts of one panel stand together
   * @throws {FigseekError} BAD_USER_INPUT for a prompt, a panel, an image type or a size that does not fit;
   *   NOT_FOUND for a figure without panels; MODEL_UNAVAILABLE where the segmenter cannot be used; what an image reader and a
   *   mask predictor throw (docs/masks.md lists all refusals)
   */
  async run<Result>(
    picture: SegmentablePicture,
    request: SegmentationRequest,
    receive: (model: Segmenter, masks: AsyncIterable<PlacedMask>) => Promise<Result>,
  ): Promise<Result> {
    // Prompts are compared in lower case with single spaces; a result has the spelling that was given first.
    const written = new Map(
      request.prompts.toReversed().map((prompt) => [validatePrompt(prompt), writtenPrompt(prompt)]),
    );
    const prompts = [...new Set(request.prompts.map(validatePrompt))];
    const parts = await this.groupByPanel(picture, prompts, request.panelId);
    const client = await this.openPredictor(request.model);
    try {
      return await receive(client.model, this.draw(client, { picture, parts, written }, request));
    } finally {
      await client.close();
    }
  }

  /** Prompts of one panel stand together, as its image is encoded once. */
  private async groupByPanel(
    { panels }: SegmentablePicture,
    prompts: readonly string[],
    panelId: string | null,
  ): Promise<readonly Part[]> {
    if (panels.length === 0 && panelId === null) return [{ panel: null, prompts }];
    const chosen = await choosePanels(panels, prompts, panelId, this.best);
    const parts = panels.map((panel) => ({ panel, prompts: prompts.filter((_, i) => chosen[i]?.id === panel.id) }));
    return parts.filter(({ prompts: some }) => some.length > 0);
  }

  private async *draw(
    client: MaskPredictor,
    { picture, parts, written }: Plan,
    { size, imageType }: SegmentationRequest,
  ): AsyncGenerator<PlacedMask> {
    const { model } = client;
    const side = size ?? model.imageSize;
    const { image, modality, pixelSpacing } = picture;
    model.validateSize(side);
    for (const { panel, prompts } of parts) {
      const box = panel?.box ?? wholeBox(picture);
      const prepared = preparePrompts(model, prompts, { imageType, modality });
      const input = await this.reader.readForSegmenter(image, box, side);
      for await (const drawn of predictMasks(client, input, prepared, 'bulk')) {
        const onPanel = { ...drawn, prompt: written.get(drawn.prompt) ?? drawn.prompt };
        const areaMm2 = computeAreaMm2(drawn.areaPixels, pixelSpacing);
        const knownTypes = typesKnowing(model, drawn.prompt);
        yield { ...translateMask(picture, box, onPanel), panel, knownTypes, areaMm2, onPanel };
      }
    }
  }
}

/** Prompts that are looked for in one part of an image. */
interface Part {
  /** Null for a file. */
  readonly panel: Panel | null;
  readonly prompts: readonly string[];
}

interface Plan {
  readonly picture: SegmentablePicture;
  readonly parts: readonly Part[];
  /** Prompt in the form that names a mask → as it was written. */
  readonly written: ReadonlyMap<string, string>;
}

/** What is read of a stored figure that is to be segmented. */
export interface StoredPictures {
  figure(id: string): Promise<Figure | null>;
  panelsOfFigures(ids: readonly string[]): Promise<readonly Panel[]>;
}

/** The image of a stored figure. @throws {FigseekError} NOT_FOUND */
export async function readStoredPicture(
  id: string,
  figures: StoredPictures,
  blobs: Pick<BlobStore, 'fileOf'>,
): Promise<SegmentablePicture> {
  const figure = await figures.figure(id);
  if (figure === null) throw new FigseekError('NOT_FOUND', `There is no figure ${id}`);
  const { width, height, license, modality, pixelSpacing, imageHash } = figure;
  const panels = await figures.panelsOfFigures([id]);
  return { image: blobs.fileOf(imageHash), width, height, license, modality, pixelSpacing, panels };
}
