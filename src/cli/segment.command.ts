import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { withSegmentation } from '../app/segment-use-case.js';
import { FigseekError } from '../domain/errors.js';
import { checkCocoFile, makeOutFolder, standardOutput } from './mask-targets.js';
import { wholeNumber } from './number-options.js';
import { printNote } from './output.js';
import { printMasks, type MaskTargets } from './print-masks.js';

interface Options extends MaskTargets {
  readonly prompt: readonly string[];
  readonly model?: string;
  readonly panel?: string;
  readonly size?: number;
  readonly imageType?: string;
  readonly data?: string;
}

export function segmentCommand(): Command {
  return new Command('segment')
    .description('draws a mask for each prompt on an image, and says how far to trust it')
    .argument('<image>', 'an image file, or the id of a stored figure (fig_…)')
    .requiredOption('--prompt <text...>', 'what to look for, as “left lung”')
    .option(
      '--model <name>',
      'a segmenter package (default: FIGSEEK_SEGMENTER, else the only one beside the starter, else the starter)',
    )
    .option('--panel <id>', 'the panel of a stored figure (default: the one whose image fits the prompt best)')
    .option('--size <pixels>', 'side of the square that the model works on (default: the package’s own)', wholeNumber)
    .option('--image-type <type>', 'kind of picture, as “X-Ray-Chest”, where several kinds know a prompt')
    .option('--out <dir>', 'folder for the masks as PNG')
    .option('--coco <file>', 'all masks as one COCO document; - for standard output')
    .option('--json', 'a JSON line a prompt')
    .action(async (given: string, _options, command: Command) => {
      await segment(given, command.optsWithGlobals<Options>());
    });
}

async function segment(given: string, options: Options): Promise<void> {
  const { out, coco, json, prompt: prompts, panel: panelId = null, size = null } = options;
  if (coco === standardOutput && json === true) {
    const expected = 'Expected --json or --coco -, as both print on standard output, but received both';
    throw new FigseekError('BAD_USER_INPUT', expected);
  }
  await withSegmentation(loadConfig({ data: options.data }), printNote, async (segmentation) => {
    const picture = await segmentation.pictureOf(given);
    if (out !== undefined) await makeOutFolder(out);
    if (coco !== undefined) await checkCocoFile(coco);
    const request = { prompts, panelId, size, model: options.model ?? null, imageType: options.imageType ?? null };
    await segmentation.segment.run(picture, request, (model, masks) =>
      printMasks({ given, picture, model }, masks, { out, coco, json }),
    );
  });
}
