import { Command } from 'commander';
import { expectCorpus } from '../app/open-stores.js';
import { loadConfig } from '../app/config.js';
import { withCorpusSearch } from '../app/corpus-search.js';
import { wholeNumber } from './number-options.js';
import { printJson, printNote } from './output.js';
import { printArticles, printFigures } from './print-hits.js';
import { withFilterOptions } from './search-filters.js';
import { channelList, parseRegion, readSearchRequest, type RequestOptions } from './search-request-options.js';
import { describeExpansions, suggestedSearch, unconstrainedSearch } from './search-hints.js';
import { localOperator } from '../domain/viewer.js';

interface Options extends RequestOptions {
  readonly data?: string;
  readonly articles?: boolean;
  readonly json?: boolean;
}

export function searchCommand(): Command {
  const command = new Command('search')
    .description('the same search as GraphQL: by words, by an image file, or both; figures or articles')
    .argument('[text]', 'what to look for')
    .option('--image <file>', 'an image to search by')
    .option('--region <x,y,width,height>', 'the part of the image that counts, in fractions 0..1 of it', parseRegion)
    .option('--not <text>', 'words to move away from')
    .option('--channels <list>', 'which evidence may count: image,caption,keyword', channelList)
    .option('--first <n>', 'number of hits', wholeNumber, 20)
    .option('--no-expand', 'no synonyms of the words, and no abbreviations written out')
    .option('--exact', 'compare with every vector')
    .option('--articles', 'articles by their figures, in place of figures')
    .option('--json', 'print one JSON document');
  return withFilterOptions(command).action(async (text: string | undefined, _options, command: Command) => {
    await search(text ?? null, command.optsWithGlobals<Options>());
  });
}

async function search(text: string | null, options: Options): Promise<void> {
  const request = await readSearchRequest(text, options);
  const config = loadConfig({ data: options.data });
  expectCorpus(config);
  const info = await withCorpusSearch(config, async (corpus) => {
    if (options.articles === true) {
      const found = await corpus.searchArticles(localOperator, request);
      if (options.json === true) printJson(found);
      else printArticles(found);
      return found.info;
    }
    const found = await corpus.searchFigures(localOperator, request);
    if (options.json === true) printJson(found);
    else printFigures(found);
    return found.info;
  });
  const asked = { args: process.argv.slice(2), text, hasFilter: request.filter !== null };
  if (options.json === true) return;
  const expanded = describeExpansions(info.expansions);
  const hints = [
    expanded,
    suggestedSearch(asked.args, text, info.suggestedText),
    unconstrainedSearch({ ...asked, info }),
  ];
  for (const hint of hints) if (hint !== null) printNote(hint);
}
