import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { withCollections } from '../app/collection-transfer.js';
import { loadConfig } from '../app/config.js';
import { expectCorpus } from '../app/open-stores.js';
import { exportFormats } from '../corpus/export/collection-export.js';
import { FigseekError, messageOf } from '../domain/errors.js';
import { localOperator } from '../domain/viewer.js';
import { visibleLine } from '../domain/visible-text.js';
import { wholeNumber, wholeNumberFromZero } from './number-options.js';
import { printJson, printLine, printNote } from './output.js';

interface Options {
  readonly data?: string;
  readonly first: number;
  readonly after: number;
  readonly format: string;
  readonly out?: string;
  readonly json?: boolean;
}

export function collectionsCommand(): Command {
  const command = new Command('collections').description('lists collections of figures, and writes them as files');
  command
    .command('list')
    .description('the collections with their ids')
    .option('--first <n>', 'how many', wholeNumber, 100)
    .option('--after <n>', 'behind the one with this number', wholeNumberFromZero, 0)
    .option('--json', 'print one JSON document')
    .action(async (_options, self: Command) => {
      await list(self.optsWithGlobals<Options>());
    });
  command
    .command('export')
    .description('writes a collection as a file')
    .argument('<id>', 'the id of the collection')
    .addOption(
      new Option(
        '--format <format>',
        'jsonl: records; csv: a table; coco: masks; bibtex, ris, csl-json: articles; zip: images',
      )
        .choices(exportFormats)
        .default('jsonl'),
    )
    .option('--out <file>', 'where to write; - is standard output (default: a name made of that of the collection)')
    .action(async (id: string, _options, self: Command) => {
      await exportOne(id, self.optsWithGlobals<Options>());
    });
  return command;
}

async function list({ data, first, after, json }: Options): Promise<void> {
  const config = loadConfig({ data });
  expectCorpus(config);
  await withCollections(config, async ({ collections }) => {
    const { items, hasNextPage } = await collections.page(localOperator, { after, first });
    if (json === true) printJson({ collections: items, hasNextPage });
    else for (const { id, size, name } of items) printLine(`${id}  ${String(size).padStart(6)}  ${visibleLine(name)}`);
    if (hasNextPage && json !== true) printNote(`There are more: --after ${items.at(-1)?.seq ?? after}`);
  });
}

/** Never over a file that is there. */
async function exportOne(id: string, { data, format, out }: Options): Promise<void> {
  const config = loadConfig({ data });
  expectCorpus(config);
  await withCollections(config, async ({ exports }) => {
    const { name, chunks } = await exports.open(localOperator, id, format);
    const source = Readable.from(chunks, { objectMode: true });
    if (out === '-') {
      await pipeline(source, process.stdout, { end: false });
      return;
    }
    const file = out ?? name;
    await pipeline(source, createWriteStream(file, { flags: 'wx' })).catch((cause: unknown) => {
      throw new FigseekError(
        'BAD_USER_INPUT',
        `Expected --out to be a new file but it cannot be written: ${messageOf(cause)}`,
        { cause },
      );
    });
    printNote(`Wrote ${visibleLine(file)}`);
  });
}
