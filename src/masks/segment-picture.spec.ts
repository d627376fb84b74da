import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakePredictor, grayInput } from '../../test/support/fake-predictor.js';
import { MemoryBlobStore } from '../../test/support/memory-blob-store.js';
import type { Box, Panel } from '../domain/figure.js';
import { figureIdOf, panelIdOf } from '../domain/ids.js';
import { buildCocoDocument, maskShapes, toCocoMask } from './export-masks.js';
import {
  readStoredPicture,
  SegmentPicture,
  type PlacedMask,
  type SegmentablePicture,
  type SegmentationRequest,
} from './segment-picture.js';

const figureId = figureIdOf('figure');
const file: SegmentablePicture = {
  ...{ image: { file: '/nowhere' }, width: 40, height: 20, license: 'CC0', modality: null, pixelSpacing: null },
  panels: [],
};
const panels = [panelAt(0, { x: 0, y: 0, width: 40, height: 20 }), panelAt(1, left()), panelAt(2, right())];
const request: SegmentationRequest = { prompts: ['lung'], panelId: null, imageType: null, model: null, size: null };

function left(): Box {
  return { x: 0, y: 0, width: 20, height: 20 };
}

function right(): Box {
  return { x: 20, y: 0, width: 20, height: 20 };
}

function panelAt(ordinal: number, box: Box): Panel {
  return { id: panelIdOf(figureId, ordinal), figureId, label: null, caption: null, box };
}

describe('segmenting a picture', () => {
  let predictor: FakePredictor;
  let opened: (string | null)[];

  beforeEach(() => {
    predictor = new FakePredictor();
    opened = [];
  });

  async function draw(
    change: Partial<SegmentationRequest>,
    picture: SegmentablePicture = file,
  ): Promise<readonly PlacedMask[]> {
    const open = (name: string | null) => {
      opened.push(name);
      predictor = new FakePredictor();
      return Promise.resolve(predictor);
    };
    const reader = {
      readForSegmenter: (_image: unknown, { width, height }: Box, size: number) =>
        Promise.resolve(grayInput(width, height, size)),
    };
    // “lung” fits the second panel best, all else the first one.
    const best = {
      select: (all: readonly Panel[], texts: readonly string[]) =>
        Promise.resolve(texts.flatMap((text) => all[text === 'lung' ? 2 : 1] ?? [])),
    };
    return new SegmentPicture(open, reader, best).run(picture, { ...request, ...change }, async (_model, masks) => {
      const all: PlacedMask[] = [];
      for await (const mask of masks) all.push(mask);
      return all;
    });
  }

  it('draws a mask for each prompt once, however it is written, and closes the model', async () => {
    const masks = await draw({ prompts: ['Heart', ' nothing', 'HEART '], model: 'named' });
    expect(masks.map(({ prompt, areaPixels, found, panel }) => [prompt, areaPixels, found, panel])).toEqual([
      ['Heart', 800, null, null],
      ['nothing', 0, false, null],
    ]);
    expect({ opened, isClosed: predictor.isClosed }).toEqual({ opened: ['named'], isClosed: true });
  });

  it('places the masks of panels on the whole image, those of one panel together', async () => {
    const masks = await draw({ prompts: ['lung', 'heart'] }, { ...file, panels, pixelSpacing: [0.5, 2] });
    expect(masks.map(({ prompt, panel }) => [prompt, panel?.id])).toEqual([
      ['heart', panels[1]?.id],
      ['lung', panels[2]?.id],
    ]);
    const [, lung] = masks;
    expect(lung).toMatchObject({ areaPixels: 400, areaMm2: 400, boxes: [right()] });
    expect(lung?.mask.data.filter((inside) => inside === 1)).toHaveLength(400);
    expect([lung?.mask.width, lung?.onPanel.mask.width]).toEqual([40, 20]);
  });

  it('takes the statistics of the image type that is named, in any spelling, or that the modality names', async () => {
    const [plain] = await draw({});
    expect([plain?.pValue, plain?.knownTypes]).toEqual([null, ['CT-Chest', 'X-Ray-Chest']]);
    expect((await draw({ imageType: 'x_ray chest' }))[0]?.pValue).not.toBeNull();
    expect((await draw({}, { ...file, modality: 'CT chest' }))[0]?.pValue).not.toBeNull();
  });

  it.each<[string, Partial<SegmentationRequest>, RegExp]>([
    ['a prompt', { prompts: [' '] }, /Expected a prompt/],
    ['an image type', { imageType: 'Plant' }, /knows no image type Plant; it knows CT-Chest, X-Ray-Chest/],
    ['a size', { size: 100 }, /multiple of 32/],
    ['a panel', { panelId: 'pan_0_1' }, /Expected a panel of this figure \(none/],
  ])('refuses %s that does not fit', async (_what, change, reason) => {
    await expect(draw(change)).rejects.toThrow(reason);
    expect(predictor.isClosed).toBe(opened.length > 0);
  });

  it('gives masks as JSON and as a COCO document', async () => {
    const masks = await draw({ prompts: ['heart', 'nothing'] });
    const [heart] = masks;
    expect(heart && maskShapes(heart)).toMatchObject({ rle: { size: [20, 40] }, polygons: [{ holes: [] }] });
    const document = buildCocoDocument('e1.png', file, masks.map(toCocoMask), predictor.model);
    expect(document).toMatchObject({
      images: [{ file_name: 'e1.png', width: 40, height: 20 }],
      annotations: [{ area: 800, bbox: [0, 0, 40, 20] }],
    });
  });
});

describe('a stored picture', () => {
  it('is not there where no figure has the id', async () => {
    const figures = { figure: () => Promise.resolve(null), panelsOfFigures: () => Promise.resolve([]) };
    await expect(readStoredPicture('fig_1', figures, new MemoryBlobStore())).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'There is no figure fig_1',
    });
  });
});
