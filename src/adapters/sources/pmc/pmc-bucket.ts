import { FigseekError, messageOf } from '../../../domain/errors.js';
import type { GuardedClient } from '../../../platform/http/guarded-client.js';
import { TransientError } from '../../../platform/http/transient-error.js';
import { expectChecksum } from '../jats/pmc-metadata.js';
import { groupVersions } from '../jats/pmc-versions.js';
import { childrenOf, findAll, simpleText } from '../jats/xml-queries.js';
import { XmlTreeBuilder, type XmlElement } from '../jats/xml-tree.js';

const megabyte = 2 ** 20;
/** Far more than any article has. */
const maxPages = 20;
const [maxList, maxMetadata, maxXml, maxPicture] = [megabyte, 16 * megabyte, 128 * megabyte, 128 * megabyte];
const listLimits = { depth: 16, elements: 50_000, attributes: 16 };

/** The article datasets of PubMed Central: a bucket of S3 that everybody may read, or a mirror with the same names. */
export class PmcBucket {
  /** @param url without a slash at its end */
  constructor(
    private readonly client: Pick<GuardedClient, 'get'>,
    private readonly url: string,
  ) {}

  /**
   * The versions of an article, the highest first; none where the datasets do not have it.
   * @throws {FigseekError} as `GuardedClient.get`; SOURCE_UNAVAILABLE for an answer that is no list
   */
  async versions(article: string): Promise<readonly string[]> {
    const found = new Set<string>();
    let after: string | null = null;
    for (let page = 0; page < maxPages; page++) {
      const root = await this.list(article, after);
      for (const prefix of findAll(root, 'CommonPrefixes').flatMap((one) => childrenOf(one, 'Prefix'))) {
        const name = simpleText(prefix).replace(/\/$/, '');
        if (name.startsWith(`${article}.`) && /^\d{1,4}$/.test(name.slice(article.length + 1))) found.add(name);
      }
      after = simpleText(childrenOf(root, 'NextContinuationToken')[0] ?? null);
      if (after === '') break;
    }
    return groupVersions([...found])[0] ?? [];
  }

  /** What is told of a version, as JSON. @throws {FigseekError} as `GuardedClient.get` */
  metadata(version: string): Promise<Uint8Array> {
    return this.read(`metadata/${version}.json`, maxMetadata, null);
  }

  /** @throws {FigseekError} as `GuardedClient.get`; BAD_USER_INPUT where it is damaged */
  xml(version: string, md5: string | null): Promise<Uint8Array> {
    return this.read(`${version}/${version}.xml`, maxXml, md5);
  }

  /** @param file its plain name @throws {FigseekError} as `GuardedClient.get`; BAD_USER_INPUT where it is damaged */
  picture(version: string, file: string, md5: string | null): Promise<Uint8Array> {
    return this.read(`${version}/${file}`, maxPicture, md5);
  }

  private async list(article: string, after: string | null): Promise<XmlElement> {
    const query = new URLSearchParams({ 'list-type': '2', prefix: `${article}.`, delimiter: '/' });
    if (after !== null) query.set('continuation-token', after);
    const what = `the list of the versions of ${article}`;
    const bytes = await this.client.get(new URL(`${this.url}/?${query.toString()}`), { what, maxBytes: maxList });
    return parseList(bytes, what);
  }

  private read(key: string, maxBytes: number, md5: string | null): Promise<Uint8Array> {
    const place = key.split('/').map(encodeURIComponent).join('/');
    return this.client.get(new URL(`${this.url}/${place}`), { what: key, maxBytes, check: checkTwice(key, md5) });
  }
}

/** A gateway may answer with a page of its own: that must not be read as a list without articles. */
function parseList(bytes: Uint8Array, what: string): XmlElement {
  try {
    const builder = new XmlTreeBuilder(new Set(), listLimits);
    builder.write(new TextDecoder().decode(bytes));
    const root = builder.close();
    if (root.name === 'ListBucketResult') return root;
    throw new Error(`expected ListBucketResult but received ${root.name.slice(0, 100)}`);
  } catch (error) {
    throw new FigseekError('SOURCE_UNAVAILABLE', `The answer to ${what} cannot be read: ${messageOf(error)}`);
  }
}

/** What arrived damaged is asked for once more: it may have been changed on its way. */
function checkTwice(file: string, md5: string | null): (bytes: Uint8Array) => void {
  let wasDamaged = false;
  return (bytes) => {
    try {
      expectChecksum(file, bytes, md5);
    } catch (error) {
      if (wasDamaged) throw error;
      wasDamaged = true;
      throw new TransientError(messageOf(error));
    }
  };
}
