import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SeededRandom } from '../../src/domain/seeded-random.js';
import { encodePng } from '../../src/imaging/encode.js';
import type { PmcVersion } from './pmc-server.js';

interface DrawnArticle {
  /** Captions by the name of the picture. */
  readonly captions?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly license?: string;
  readonly retracted?: boolean;
  /** Pictures that the article names and the version lacks. */
  readonly absent?: readonly string[];
  /** Addresses beside those of the pictures. */
  readonly moreMedia?: readonly string[];
}

export function md5Of(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex');
}

let drawn = 0;

/** A small picture of noise, which has nothing in common with the others. */
async function drawPicture(): Promise<Buffer> {
  drawn += 1;
  const random = new SeededRandom(String(drawn));
  const data = new Uint8Array(16 * 16 * 3).map(() => random.index(256));
  return Buffer.from(await encodePng({ width: 16, height: 16, data }));
}

/** A version of an article that was made up, with its pictures. @param name as `PMC1.2` */
export async function drawArticle(name: string, article: DrawnArticle = {}): Promise<PmcVersion> {
  const captions = article.captions ?? {
    'fig1.png': `The first figure of ${name}`,
    'fig2.png': `The second of ${name}`,
  };
  const media = new Map<string, Buffer>();
  for (const file of Object.keys(captions))
    if (article.absent?.includes(file) !== true) media.set(file, await drawPicture());
  const xml = articleXml(name, captions, article.type ?? 'research-article');
  const place = (file: string): string => `s3://pmc-oa-opendata/${name}/${file}`;
  const metadata = {
    pmcid: name.replace(/\..*$/, ''),
    is_retracted: article.retracted ?? false,
    license_code: article.license ?? 'CC BY',
    xml_url: `${place(`${name}.xml`)}?md5=${md5Of(Buffer.from(xml))}`,
    media_urls: [
      ...[...media].map(([file, bytes]) => `${place(file)}?md5=${md5Of(bytes)}`),
      ...(article.moreMedia ?? []),
    ],
  };
  return { name, xml, metadata: JSON.stringify(metadata), media };
}

function articleXml(name: string, captions: Readonly<Record<string, string>>, type: string): string {
  const pmcid = name.replace(/\..*$/, '');
  const figures = Object.entries(captions).map(
    ([file, caption], place) =>
      `<fig id="f${place + 1}"><label>Figure ${place + 1}</label><caption><p>${caption}</p></caption><graphic href="${file}"/></fig>`,
  );
  return `<?xml version="1.0"?><article article-type="${type}"><front><article-meta>
<article-id pub-id-type="pmcid">${pmcid}</article-id><title-group><article-title>On ${pmcid}</article-title></title-group>
</article-meta></front><body>${figures.join('\n')}</body></article>`;
}

/** Writes versions as a local mirror of the bucket has them. */
export function writeMirror(folder: string, versions: readonly PmcVersion[]): void {
  for (const { name, xml, metadata, media } of versions) {
    mkdirSync(path.join(folder, name), { recursive: true });
    mkdirSync(path.join(folder, 'metadata'), { recursive: true });
    writeFileSync(path.join(folder, name, `${name}.xml`), xml);
    writeFileSync(path.join(folder, 'metadata', `${name}.json`), metadata);
    for (const [file, bytes] of media) writeFileSync(path.join(folder, name, file), bytes);
  }
}
