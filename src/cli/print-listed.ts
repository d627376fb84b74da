import type { CorpusListing } from '../app/corpus-listing.js';
import { printLine, printNote } from './output.js';
import { shortened } from './print-hits.js';

type Page = Awaited<ReturnType<CorpusListing['page']>>;

/** Prints figures of a list, and how to see more of it. */
export function printListed(
  { figures, total, hasNextPage, endCursor }: Page,
  { after }: { readonly after: string | null },
): void {
  for (const { sourceKey, figureId, caption, labels, attribution } of figures) {
    printLine(`${sourceKey}  ${figureId}`);
    printLine(`   ${shortened(caption === '' ? labels.join(', ') : caption)}`);
    printLine(`   ${shortened(attribution)}`);
  }
  if (total === 0) printLine('Nothing found.');
  else printNote(`${figures.length} of ${total} figures${after === null ? '' : ', behind those before'}`);
  if (hasNextPage) printNote(`There are more: --after ${endCursor ?? ''} goes on`);
}
