import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { newPlace, run, startServer } from '../support/figseek-process.js';
import { askData, ingestSource, makeImage, type SourceReport } from '../support/source-ingest.js';

interface Version {
  readonly caption: string;
  readonly image: Buffer | null;
  readonly metadata?: unknown;
  /** Whether the metadata lie in the folder `metadata` of the mirror. */
  readonly isApart?: boolean;
  readonly license?: string;
}

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');

function writeVersion(
  mirror: string,
  name: string,
  { caption, image, metadata, isApart, license = '' }: Version,
): void {
  const folder = path.join(mirror, name);
  mkdirSync(folder, { recursive: true });
  mkdirSync(path.join(mirror, 'metadata'), { recursive: true });
  const pmcid = name.replace(/\..*/, '');
  writeFileSync(
    path.join(folder, `${name}.xml`),
    `<article><front><article-meta><article-id pub-id-type="pmcid">${pmcid}</article-id><title-group><article-title>On ${pmcid}</article-title></title-group>
     <permissions>${license}</permissions></article-meta></front>
     <body><fig id="f1"><caption><p>${caption}</p></caption><graphic href="fig1.jpg"/></fig></body></article>`,
  );
  writeFileSync(path.join(folder, `${name}.txt`), 'all words');
  if (image !== null) writeFileSync(path.join(folder, 'fig1.jpg'), image);
  const text = typeof metadata === 'string' ? metadata : JSON.stringify(metadata);
  if (metadata !== undefined)
    writeFileSync(path.join(mirror, isApart === true ? 'metadata' : name, `${name}.json`), text);
}

describe('a mirror of the article datasets of PubMed Central', () => {
  const place = newPlace();
  let report: SourceReport;
  let mirror: string;

  beforeAll(async () => {
    mirror = mkdtempSync(path.join(tmpdir(), 'mirror-'));
    const images = await Promise.all([1, 2, 3, 4, 5, 6].map(makeImage));
    const [one, two, three, four, five] = images as [Buffer, Buffer, Buffer, Buffer, Buffer];
    const media = (name: string, sum: string) => [`s3://pmc-oa-opendata/${name}/fig1.jpg?md5=${sum}`];
    writeVersion(mirror, 'PMC1.2', { caption: 'second', image: one });
    writeVersion(mirror, 'PMC1.9', { caption: 'ninth', image: two });
    writeVersion(mirror, 'PMC1.10', { caption: 'tenth, without its picture', image: null });
    writeVersion(mirror, 'PMC2.1', {
      caption: 'retracted',
      image: three,
      metadata: { is_retracted: true, license_code: 'CC BY-NC', media_urls: media('PMC2.1', md5(three)) },
      isApart: true,
    });
    writeVersion(mirror, 'PMC3.1', {
      caption: 'damaged',
      image: four,
      metadata: { media_urls: media('PMC3.1', md5(five)) },
    });
    const license = '<license href="https://creativecommons.org/licenses/by/4.0/"/>';
    writeVersion(mirror, 'PMC4.1', { caption: 'of the XML', image: five, metadata: { license_code: 'CC0' }, license });
    writeVersion(mirror, 'PMC5.1', {
      caption: 'metadata cut off',
      image: images[5] ?? one,
      metadata: '{"license_code": ',
    });
    report = await ingestSource(place, mirror);
  });

  it('is taken, an article in the highest version that has its pictures', async () => {
    expect(report).toMatchObject({ added: 4, rejected: 2 });
    const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
    type Stored = { caption: string; article: { pmcid: string; license: string | null; retracted: boolean } };
    const query = '{ figures(first: 50) { nodes { caption article { pmcid license retracted } } } }';
    const { figures } = await askData<{ figures: { nodes: readonly Stored[] } }>(server, query).finally(() =>
      server.stop(),
    );
    const found = figures.nodes.map(({ caption, article }) => [
      article.pmcid,
      caption,
      article.license,
      article.retracted,
    ]);
    expect(found).toEqual([
      ['PMC1', 'ninth', null, false],
      ['PMC2', 'retracted', 'CC-BY-NC', true],
      ['PMC4', 'of the XML', 'CC-BY-4.0', false],
      ['PMC5', 'metadata cut off', null, false],
    ]);
  });

  it('names what is damaged, and which versions were passed over', async () => {
    expect(report.faults.map(({ message }) => message)).toEqual([
      expect.stringMatching(/fig1\.jpg is damaged: its MD5 is .* but PubMed Central tells/),
      expect.stringMatching(/^PMC5\.1\.json cannot be read/),
    ]);
    const { stdout } = await run(place, ['faults', path.basename(mirror), '--json', '--first', '100']);
    const { faults } = JSON.parse(stdout) as { faults: readonly { sourceKey: string; message: string }[] };
    const passedOver = faults.filter(({ message }) => message.startsWith('another version'));
    expect(passedOver).toEqual([
      expect.objectContaining({ sourceKey: 'PMC1.10', message: 'another version of this article is taken: PMC1.9' }),
      expect.objectContaining({ sourceKey: 'PMC1.2' }),
    ]);
    expect(faults.some(({ sourceKey }) => sourceKey.endsWith('.json') && !sourceKey.includes('PMC5'))).toBe(false);
  });
});
