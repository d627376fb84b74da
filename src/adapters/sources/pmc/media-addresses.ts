import { md5In, type PmcMetadata } from '../jats/pmc-metadata.js';

/** The bucket of the article datasets. */
const bucket = 'pmc-oa-opendata';

/** Files that lie beside an article, with the MD5 that is told of each. */
export interface ListedMedia {
  readonly files: ReadonlyMap<string, string | null>;
  /** Addresses that are not those of files beside the article. */
  readonly refused: readonly string[];
}

/**
 * The media of a version, each by its plain name. An address of another bucket, folder or form is refused: what a list
 * says decides neither where is asked nor where anything is written.
 * @param version `PMC1.2`
 */
export function listedMedia(version: string, { mediaUrls }: Pick<PmcMetadata, 'mediaUrls'>): ListedMedia {
  const files = new Map<string, string | null>();
  const refused: string[] = [];
  const start = `s3://${bucket}/${version}/`;
  for (const address of mediaUrls) {
    const name = address.startsWith(start) ? address.slice(start.length).replace(/\?.*$/s, '') : '';
    const md5 = md5In(address);
    if (isPlainName(name) && (md5 === null || /^[0-9a-f]{32}$/.test(md5))) files.set(name, md5);
    else refused.push(address);
  }
  return { files, refused };
}

function isPlainName(name: string): boolean {
  return /^[^\p{C}\\/%?#]{1,200}$/u.test(name) && name !== '.' && name !== '..';
}
