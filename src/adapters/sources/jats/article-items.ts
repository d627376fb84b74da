import type { SourceItem } from '../../../domain/figure-record.js';
import { faultItem, leftOutItem, recordItem, type ImageBytes } from '../source-items.js';
import type { FigureScreen } from './figure-screen.js';
import type { ArticleFigure } from './figures.js';
import type { MediaNames } from './media-names.js';
import type { JatsArticle } from './read-article.js';

/** Files that lie beside an article, and how their bytes are read. */
export interface ArticleFiles {
  readonly names: MediaNames;
  /** Of the article, as the names have it. */
  readonly folder: string;
  /** Asked for the pictures of figures that are taken, and for no others. */
  readonly open: (file: string) => Promise<ImageBytes>;
}

/** What a record can hold of one text, and of mentions. */
const [maxText, maxMentions] = [100_000, 1000];

/**
 * The figures of an article as records: one a picture, with the figure's caption. A figure whose picture is absent is a fault,
 * and one that is screened out is told as left out.
 * @param file the file of the article, for the names of faults
 */
export async function* articleItems(
  read: JatsArticle,
  file: string,
  files: ArticleFiles,
  screen: FigureScreen,
): AsyncGenerator<SourceItem> {
  const { article, figures } = read;
  const key = article.pmcid ?? article.doi ?? article.pmid ?? file;
  const taken = new Set<string>();
  for (const [at, figure] of figures.entries()) {
    const name = figure.id ?? figure.label ?? `${at + 1}`;
    if (figure.pictures.length === 0) {
      yield leftOutItem(`${file}#${name}`, 'the article gives no picture for this figure');
    }
    const reason = screen(read, figure);
    for (const [place, names] of figure.pictures.entries()) {
      const id = freeId(`${key}/${name}${place === 0 ? '' : `.${place + 1}`}`, taken);
      const picture = files.names.find(names, files.folder);
      if (reason !== null) yield leftOutItem(id, reason);
      else if (picture === null) yield faultItem(id, absent(names, file));
      else yield recordItem({ id, image: picture, article, ...fieldsOf(figure) }, id, await files.open(picture));
    }
  }
}

function fieldsOf({ caption, label, alt, credit, permissions, mentions }: ArticleFigure) {
  return {
    caption: caption.slice(0, maxText),
    label,
    alt: alt?.slice(0, maxText),
    credit: credit?.slice(0, maxText),
    // A figure with permissions of its own that name no known license must not seem to have that of the article.
    license: permissions === null ? null : (permissions.license ?? permissions.words?.slice(0, 500) ?? 'unknown'),
    licenseText: permissions?.words?.slice(0, maxText),
    mentions: mentions.slice(0, maxMentions).map((mention) => mention.slice(0, maxText)),
  };
}

/** Ids of figures are used again in translations. */
function freeId(id: string, taken: Set<string>): string {
  let free = id;
  for (let count = 2; taken.has(free); count++) free = `${id}~${count}`;
  taken.add(free);
  return free;
}

function absent(names: readonly string[], file: string): string {
  const wanted = names.slice(0, 3).join(' or ');
  return `There is no picture ${wanted} (with .jpg, .png, .webp, .tif, .gif or .avif) beside ${file}`;
}
