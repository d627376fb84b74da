import { Command } from 'commander';
import { expectCorpus } from '../app/open-stores.js';
import { loadConfig } from '../app/config.js';
import { withCorpusSearch } from '../app/corpus-search.js';
import { browseFigures, isBrowsing, withListOptions, type BrowseOptions } from './browse-figures.js';
import { wholeNumber } from './number-options.js';
import { printJson, printNote } from './output.js';
import { printArticles, printFigures } from './print-hits.js';
import { withFilterOptions } from './search-filters.js';
import { readSearchRequest, withRequestOptions } from './search-request-options.js';
import { describeExpansions, suggestedSearch, unconstrainedSearch } from './search-hints.js';
import { localOperator } from '../domain/viewer.js';

interface Options extends BrowseOptions {
  readonly data?: string;
}

export function searchCommand(): Command {
  const command = new Command('search')
    .description(
      'the same search as GraphQL: by words, by an image file, or both; figures or articles. Without both: lists figures',
    )
    .argument('[text]', 'what to look for')
    .option('--first <n>', 'number of hits', wholeNumber, 20)
    .option('--articles', 'articles by their figures, in place of figures')
    .option('--json', 'print one JSON document');
  withListOptions(withRequestOptions(command));
  return withFilterOptions(command).action(async (text: string | undefined, _options, command: Command) => {
    await search(text ?? null, command.optsWithGlobals<Options>());
  });
}

async function search(text: string | null, options: Options): Promise<void> {
  const config = loadConfig({ data: options.data });
  if (isBrowsing(text, options)) {
    expectCorpus(config);
    await browseFigures(config, options);
    return;
  }
  const request = await readSearchRequest(text, options);
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
  if (options.json === true) return;
  const asked = { args: process.argv.slice(2), text, hasFilter: request.filter !== null, info };
  const suggested = suggestedSearch(asked.args, text, info.suggestedText);
  const hints = [describeExpansions(info.expansions), suggested, unconstrainedSearch(asked)];
  for (const hint of hints) if (hint !== null) printNote(hint);
}
