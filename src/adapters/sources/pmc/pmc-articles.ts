import { articleIdOrNull } from '../../../domain/article-ids.js';
import { FigseekError, type ErrorCode } from '../../../domain/errors.js';
import type { SourceItem } from '../../../domain/figure-record.js';
import { UnreachableError } from '../../../platform/http/guarded-client.js';
import { readArticleStream } from '../jats/article-file.js';
import { reasonForUnused } from '../jats/article-faults.js';
import { articleItems } from '../jats/article-items.js';
import type { FigureScreen } from '../jats/figure-screen.js';
import { MediaNames } from '../jats/media-names.js';
import { md5In, parsePmcMetadata, withMetadata, type PmcMetadata } from '../jats/pmc-metadata.js';
import { chooseVersion, hasAllPictures } from '../jats/pmc-versions.js';
import type { JatsArticle } from '../jats/read-article.js';
import { faultItem, faultOf, leftOutItem, type ImageBytes } from '../source-items.js';
import type { EuropePmc } from './europe-pmc.js';
import { listedMedia, type ListedMedia } from './media-addresses.js';
import type { PmcBucket } from './pmc-bucket.js';
import type { PmcDownloads } from './pmc-downloads.js';
import { versionOf, type PmcId } from './pmc-id.js';

/** A version of an article as it was fetched: all but its pictures. */
interface FetchedVersion {
  readonly article: JatsArticle;
  readonly metadata: PmcMetadata;
  readonly media: ListedMedia;
  readonly names: MediaNames;
}

export interface PmcParts {
  readonly bucket: PmcBucket;
  readonly europePmc: Pick<EuropePmc, 'knows'>;
  readonly downloads: PmcDownloads;
  readonly screen: FigureScreen;
}

/** Reads articles from the bucket as a local mirror of it is read. */
export class PmcArticles {
  constructor(private readonly parts: PmcParts) {}

  /**
   * The figures of an article, with their pictures fetched; what cannot be fetched is a fault.
   * @param isKnown whether it is certain that there is such an article
   * @throws {FigseekError} where no further article could be taken: no connection, a full disk
   */
  async itemsOf(id: PmcId, isKnown: boolean): Promise<readonly SourceItem[]> {
    const key = id.version === null ? id.article : versionOf(id, id.version);
    try {
      return await this.read(id, isKnown);
    } catch (error) {
      if (endsRun(error)) throw error;
      return [faultOf(key, error)];
    }
  }

  private async read(id: PmcId, isKnown: boolean): Promise<readonly SourceItem[]> {
    const versions = id.version === null ? await this.versionsOf(id.article) : [versionOf(id, id.version)];
    const fetched = new Map<string, Promise<FetchedVersion>>();
    const fetch = (version: string): Promise<FetchedVersion> => {
      const known = fetched.get(version) ?? this.fetch(id.article, version);
      fetched.set(version, known);
      return known;
    };
    const taken = await chooseVersion(versions, async (version) => {
      try {
        const { article, names } = await fetch(version);
        return hasAllPictures(article, names, version);
      } catch (error) {
        // One that cannot be read is not complete; one that is out of reach for now may be.
        if (error instanceof FigseekError && contentFaults.has(error.code)) return false;
        throw error;
      }
    });
    if (taken === undefined) throw await this.absent(id.article, isKnown);
    const others = versions.filter((version) => version !== taken);
    return [
      ...others.map((version) => leftOutItem(version, `another version of this article is taken: ${taken}`)),
      ...(await this.itemsIn(id.article, taken, await fetch(taken))),
    ];
  }

  private async versionsOf(article: string): Promise<readonly string[]> {
    const { bucket, downloads } = this.parts;
    const list = async (): Promise<Uint8Array> => Buffer.from((await bucket.versions(article)).join('\n'));
    const bytes = await downloads.text(article, 'versions', list);
    return Buffer.from(bytes)
      .toString('utf8')
      .split('\n')
      .filter((version) => version !== '');
  }

  private async fetch(id: string, version: string): Promise<FetchedVersion> {
    const { bucket, downloads } = this.parts;
    const told = await downloads.text(id, `${version}.json`, () => bucket.metadata(version));
    const metadata = parsePmcMetadata(version, Buffer.from(told).toString('utf8'));
    const md5 = metadata.xmlUrl === null ? null : md5In(metadata.xmlUrl);
    const xml = await downloads.text(id, `${version}.xml`, () => bucket.xml(version, md5));
    const article = withMetadata(await readArticleStream(chunksOf(xml)), metadata);
    expectArticle(id, version, article);
    const media = listedMedia(version, metadata);
    return {
      article,
      metadata,
      media,
      names: new MediaNames([...media.files.keys()].map((name) => `${version}/${name}`)),
    };
  }

  private async itemsIn(
    id: string,
    version: string,
    { article, media, names }: FetchedVersion,
  ): Promise<readonly SourceItem[]> {
    const items: SourceItem[] = [];
    if (media.refused.length > 0) items.push(faultItem(`${version}.json`, refusedMedia(version, media.refused)));
    const open = (file: string): Promise<ImageBytes> => this.open(id, version, file.slice(version.length + 1), media);
    const files = { names, folder: version, open };
    for await (const item of articleItems(article, `${version}/${version}.xml`, files, this.parts.screen))
      items.push(item);
    for (const file of names.unused()) items.push(leftOutItem(file, reasonForUnused(file, names)));
    return items;
  }

  private async open(id: string, version: string, file: string, { files }: ListedMedia): Promise<ImageBytes> {
    const { bucket, downloads } = this.parts;
    const md5 = files.get(file) ?? null;
    const fetch = (): Promise<Uint8Array> => bucket.picture(version, file, md5);
    try {
      return await downloads.picture({ article: id, name: `${version}/${file}`, md5 }, fetch);
    } catch (error) {
      if (endsRun(error) || !(error instanceof Error)) throw error;
      // A fault of this figure; the others are taken.
      return { size: 0, readImage: () => Promise.reject(error) };
    }
  }

  private async absent(article: string, isKnown: boolean): Promise<FigseekError> {
    // Whether there is one is asked for the message alone.
    const isThere = isKnown || (await this.parts.europePmc.knows(article).catch(nullForFailure));
    const [datasets, noOther] = ["PubMed Central's article datasets", 'and Europe PMC could not be asked for it'];
    if (isThere === null) return new FigseekError('NOT_FOUND', `${datasets} do not hold ${article}, ${noOther}`);
    if (isThere)
      return new FigseekError('NOT_FOUND', `${article} has no open-access version: ${datasets} do not hold it`);
    return new FigseekError('NOT_FOUND', `There is no article ${article}: neither ${datasets} nor Europe PMC have it`);
  }
}

function nullForFailure(error: unknown): null {
  if (error instanceof FigseekError) return null;
  throw error;
}

/** Its figures would stand in the place of those of the other article. */
function expectArticle(id: string, version: string, { article: { pmcid } }: JatsArticle): void {
  const told = articleIdOrNull('pmcid', pmcid);
  if (told === null || told === articleIdOrNull('pmcid', id)) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    `${version}.xml is expected to be the article ${id}, but says that it is ${told}`,
  );
}

/** What is wrong with a file, and not with the way to it. */
const contentFaults: ReadonlySet<ErrorCode> = new Set(['BAD_USER_INPUT', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE']);

/** Whether nothing else could be taken either. */
function endsRun(error: unknown): boolean {
  if (!(error instanceof FigseekError)) return true;
  return (
    error instanceof UnreachableError || error.code === 'INTERNAL_SERVER_ERROR' || error.code === 'INSUFFICIENT_STORAGE'
  );
}

function refusedMedia(version: string, refused: readonly string[]): string {
  const expected = `expected s3://pmc-oa-opendata/${version}/NAME with a plain name and a whole MD5`;
  return `${refused.length} addresses of media are not taken; ${expected}; the first: ${JSON.stringify(refused[0]?.slice(0, 200))}`;
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}
