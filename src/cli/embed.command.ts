import { Command } from 'commander';
import { loadConfig } from '../app/config.js';
import { withEncoder } from '../app/encoder-context.js';
import { FigseekError } from '../domain/errors.js';
import { EmbedInputs } from '../models/embed-inputs.js';
import { readTexts, readTokenIds } from './embed-files.js';
import { printJson } from './output.js';
import { localOperator } from '../domain/viewer.js';

interface Options {
  readonly data?: string;
  readonly images?: readonly string[];
  readonly texts?: string;
  readonly tokenIds?: string;
  readonly model?: string;
}

export function embedCommand(): Command {
  return new Command('embed')
    .description('prints unit vectors as JSON lines, in the order of the input')
    .option('--images <file...>', 'image files')
    .option('--texts <file>', 'a .txt file (a text a line) or a .json file (an array of strings)')
    .option('--token-ids <file>', 'a .json file: an array of arrays of token ids')
    .option('--model <name>', 'a model package (default: starter, or FIGSEEK_MODEL)')
    .action(async (_options, command: Command) => {
      await embed(command.optsWithGlobals<Options>());
    });
}

async function embed({ data, images, texts, tokenIds, model }: Options): Promise<void> {
  if (images === undefined && texts === undefined && tokenIds === undefined) {
    throw new FigseekError('BAD_USER_INPUT', 'Nothing to embed: give --images, --texts or --token-ids');
  }
  const inputs = {
    images: images ?? [],
    texts: texts === undefined ? [] : await readTexts(texts),
    tokenIds: tokenIds === undefined ? [] : await readTokenIds(tokenIds),
  };
  await withEncoder(loadConfig({ data, model }), async (encoder, reader) => {
    for await (const { kind, input, vector } of new EmbedInputs(encoder, reader).run(localOperator, inputs)) {
      printJson({ kind, input, model: encoder.model.name, vector: Array.from(vector) });
    }
  });
}
