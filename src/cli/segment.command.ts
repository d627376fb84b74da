import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { segmenterOptions } from '../app/model-runtime.js';
import { FigseekError } from '../domain/errors.js';
import { areaMm2Of } from '../domain/figure.js';
import { validatePrompt, writtenPrompt } from '../domain/mask.js';
import { cropToBox, decodeImage } from '../imaging/decode.js';
import { encodeMaskPng } from '../imaging/encode.js';
import { OnnxSegmenter } from '../adapters/onnx/onnx-segmenter.js';
import { cocoDocument, type CocoImage } from '../imaging/masks/coco.js';
import { outlineOf } from '../imaging/masks/outline.js';
import { translateMask, wholeBox } from '../imaging/masks/translate-mask.js';
import { encodeRunLength } from '../imaging/masks/run-length.js';
import { typesKnowing } from '../masks/statistics/plausibility.js';
import { segmentImage, type PromptedMask } from '../masks/segment-image.js';
import { ModelRegistry } from '../model-packages/package-registry.js';
import { maskSentence } from './format-mask.js';
import { checkCocoFile, makeOutFolder, standardOutput, writeCoco } from './mask-targets.js';
import { printJson, printLine, printNote } from './output.js';
import { wholeNumber } from './number-options.js';
import { nameOf, partsOf, pictureOf } from './segmented-picture.js';

interface Options {
  readonly prompt: readonly string[];
  readonly model?: string;
  readonly panel?: string;
  readonly size?: number;
  readonly imageType?: string;
  readonly out?: string;
  readonly coco?: string;
  readonly data?: string;
  readonly json?: boolean;
}

export function segmentCommand(): Command {
  return new Command('segment')
    .description('draws a mask for each prompt on an image, and says how far to trust it')
    .argument('<image>', 'an image file, or the id of a stored figure (fig_…)')
    .requiredOption('--prompt <text...>', 'what to look for, as “left lung”')
    .option('--model <name>', 'a segmenter package (default: the only one beside the starter, else the starter)')
    .option('--panel <id>', 'the panel of a stored figure (default: the one whose image fits the prompt best)')
    .option('--size <pixels>', 'side of the square that the model works on (default: the package’s own)', wholeNumber)
    .option('--image-type <type>', 'kind of picture, as “X-Ray-Chest”, where several kinds know a prompt')
    .option('--out <dir>', 'folder for the masks as PNG')
    .option('--coco <file>', 'all masks as one COCO document; - for standard output')
    .option('--json', 'a JSON line a prompt')
    .action(async (file: string, _options, command: Command) => {
      await segment(file, command.optsWithGlobals<Options>());
    });
}

async function segment(given: string, options: Options): Promise<void> {
  const { out, coco } = options;
  const isCocoPrinted = coco === standardOutput;
  if (isCocoPrinted && options.json === true) {
    const expected = 'Expected --json or --coco -, as both print on standard output, but received both';
    throw new FigseekError('BAD_USER_INPUT', expected);
  }
  // What is printed is then the document alone.
  const say = isCocoPrinted ? printNote : printLine;
  const config = loadConfig({ data: options.data });
  // Case and blanks do not count for a prompt; what is printed has the words that were given.
  const written = new Map(options.prompt.toReversed().map((prompt) => [validatePrompt(prompt), writtenPrompt(prompt)]));
  const prompts = [...new Set(options.prompt.map(validatePrompt))];
  const picture = await pictureOf(given, config);
  const { file, bytes, license, pixelSpacing } = picture;
  const { image } = await decodeImage(bytes, { maxPixels: config.maxPixels });
  if (out !== undefined) await makeOutFolder(out);
  if (coco !== undefined) await checkCocoFile(coco);
  const parts = await partsOf(picture, prompts, options.panel ?? null, config);
  const model = await new ModelRegistry(config.models).loadSegmenter(options.model ?? null);
  if (model.warning !== null) printNote(`${model.name} (${model.license}): ${model.warning}`);
  const client = new OnnxSegmenter(model, segmenterOptions(config));
  try {
    const how = { size: options.size ?? null, imageType: options.imageType ?? null, priority: 'bulk' } as const;
    const masks: CocoImage['masks'][number][] = [];
    for (const { panel, prompts: wanted } of parts) {
      const box = panel?.box ?? wholeBox(image);
      for await (const drawn of segmentImage(client, cropToBox(image, box), wanted, how)) {
        const answer = { ...drawn, prompt: written.get(drawn.prompt) ?? drawn.prompt };
        const placed = translateMask(image, box, answer);
        masks.push({ ...placed, rle: encodeRunLength(placed.mask) });
        const png = out === undefined ? null : await writeMask(out, file, masks.length, placed);
        const areaMm2 = areaMm2Of(placed.areaPixels, pixelSpacing);
        if (options.json === true) printJson(jsonOf({ input: given, panel: panel?.id ?? null }, placed, areaMm2, png));
        else say(`${nameOf(panel)}${maskSentence(answer, typesKnowing(model, drawn.prompt), png)}`);
      }
    }
    if (coco !== undefined) {
      const { width, height } = image;
      await writeCoco(coco, cocoDocument([{ file, width, height, license, masks }], model));
    }
  } finally {
    await client.close();
  }
}

/** `NAME-2-left-lung.png` @returns the path */
async function writeMask(
  folder: string,
  file: string,
  number: number,
  { prompt, mask }: PromptedMask,
): Promise<string> {
  const words = prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .slice(0, 40);
  const target = path.join(folder, `${path.parse(file).name}-${number}-${words}.png`);
  await writeFile(target, await encodeMaskPng(mask));
  return target;
}

function jsonOf(of: object, answer: PromptedMask, areaMm2: number | null, png: string | null) {
  const { prompt, found, pValue, similarity, query, areaPixels, boxes, mask } = answer;
  const shapes = { boxes, rle: encodeRunLength(mask), polygons: outlineOf(mask) };
  return { ...of, prompt, found, pValue, similarity, query, areaPixels, areaMm2, ...shapes, png };
}
