import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ParseOption, XmlDocument, type XmlElement as ReferenceElement, type XmlNode } from 'libxml2-wasm';
import { readArticle } from '../../src/adapters/sources/jats/read-article.js';
import { parseXml } from '../../src/adapters/sources/jats/xml-tree.js';
import { packageOf } from '../support/archives.js';
import { jatsArticle, nlmArticle } from '../support/articles.js';
import { newPlace, run, startServer, type Place } from '../support/figseek-process.js';
import { askData, ingestSource, makeImage } from '../support/source-ingest.js';
import { sharedDir } from '../support/shared.js';

interface StoredFigure {
  readonly sourceKey: string;
  readonly label: string | null;
  readonly caption: string;
  readonly alt: string | null;
  readonly credit: string | null;
  readonly license: string | null;
  readonly licenseText: string | null;
  readonly article: Readonly<Record<string, unknown>> | null;
}

async function writeArticles(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'articles-'));
  const images = ['drawn-1-g001.jpg', 'drawn-1-g001.gif', 'drawn-1-g002.png', 'drawn-1-g003a.png', 'drawn-1-t001.png'];
  mkdirSync(path.join(folder, 'one/media'), { recursive: true });
  mkdirSync(path.join(folder, 'two'));
  writeFileSync(path.join(folder, 'one/article.nxml'), jatsArticle);
  for (const [at, name] of images.entries()) writeFileSync(path.join(folder, 'one/media', name), await makeImage(at));
  writeFileSync(path.join(folder, 'two/acta.xml'), nlmArticle);
  writeFileSync(path.join(folder, 'two/acta.g001.png'), await makeImage(10));
  writeFileSync(path.join(folder, 'two/broken.xml'), jatsArticle.slice(0, 2500));
  // A pipe, which a reader would wait for.
  execFileSync('mkfifo', [path.join(folder, 'two/pipe.xml')]);
  writeFileSync(path.join(folder, 'two/page.xml'), '<html><body><article><p>no article</p></body></html>');
  const nested = '<sec>'.repeat(10_000) + '</sec>'.repeat(10_000);
  writeFileSync(path.join(folder, 'two/nested.xml'), `<article><front/><body>${nested}</body></article>`);
  return folder;
}

async function readFigures(place: Place): Promise<readonly StoredFigure[]> {
  const server = await startServer(place, { FIGSEEK_SAMPLES: 'never' });
  try {
    const fields =
      'sourceKey label caption alt credit license licenseText article { pmcid pmid doi title authors journal year license licenseText retracted }';
    type Listed = { readonly figures: { readonly nodes: readonly StoredFigure[] } };
    return (await askData<Listed>(server, `{ figures(first: 50) { nodes { ${fields} } } }`)).figures.nodes;
  } finally {
    await server.stop();
  }
}

describe('articles in JATS', () => {
  let folder: string;
  const place = newPlace();

  beforeAll(async () => {
    folder = await writeArticles();
  });

  it('are taken from a folder with their pictures, captions and licenses', async () => {
    const report = await ingestSource(place, folder);
    expect(report).toMatchObject({ added: 4, rejected: 3, leftOut: 4 });
    const figures = await readFigures(place);
    expect(figures.map(({ sourceKey, label, caption }) => `${sourceKey} | ${label ?? ''} | ${caption}`)).toEqual([
      'PMC7000001/f1 | Figure 1 | Growth. Cells with 5 µM CO₂ by $k$.\nCrescimento.',
      'PMC7000001/f2 | Figure 2 | Colonies & plates &who;.',
      'PMC7000001/f3a | Figure 3A | Two plates.',
      '10.5555/nlm.1/F1 | 1 | Zellwände.',
    ]);
    expect(figures[1]).toMatchObject({ alt: 'Round colonies', credit: 'Drawn by Ada' });
    expect(figures.map(({ license }) => license)).toEqual([null, '© 1999 The Plate Press', null, null]);
    expect(figures[0]?.article).toEqual({
      ...{ pmcid: 'PMC7000001', pmid: '30000001', doi: '10.5555/drawn.1', title: 'Growth of E. coli at 37 °C' },
      ...{ authors: ['Ada Ng', 'The Plate Group'], journal: 'Journal of Drawn Figures', year: 2020 },
      ...{ license: 'CC-BY-4.0', licenseText: 'Free to use.', retracted: false },
    });
    expect(figures[3]?.article).toMatchObject({ title: 'Über Zellen', year: 2004, license: 'CC-BY', journal: 'Acta' });
  });

  it('name what was not taken, with the reason', async () => {
    const { stdout } = await run(place, ['faults', path.basename(folder), '--json']);
    const { faults } = JSON.parse(stdout) as {
      readonly faults: readonly { readonly sourceKey: string; readonly message: string }[];
    };
    const reasons = new Map(faults.map(({ sourceKey, message }) => [sourceKey, message]));
    expect(reasons.get('PMC7000001/f3b')).toBe(
      'There is no picture drawn-1-absent.tif (with .jpg, .png, .webp, .tif, .gif or .avif) beside one/article.nxml',
    );
    expect(reasons.get('two/broken.xml')).toMatch(/^Expected well-formed XML/);
    expect(reasons.get('two/nested.xml')).toMatch(/nested more than 256 deep/);
    expect(reasons.get('one/article.nxml#f4')).toBe('the article gives no picture for this figure');
    expect(reasons.get('one/media/drawn-1-g001.gif')).toBe('a further form of a picture that was taken');
    expect(reasons.get('one/media/drawn-1-t001.png')).toBe('no figure of an article names it');
    expect(reasons.get('two/page.xml')).toContain('an XML file that holds no article');
  });

  it('are passed over when they are read again, and updated by what changed', async () => {
    expect(await ingestSource(place, folder)).toMatchObject({ added: 0, updated: 0, unchanged: 4 });
    const file = path.join(folder, 'one/article.nxml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Two plates.', 'Two plates of agar.'));
    expect(await ingestSource(place, folder)).toMatchObject({ added: 0, updated: 1, unchanged: 3 });
  });

  it('are found by the sentences that mention a figure', async () => {
    const { stdout } = await run(place, ['search', 'plates were kept', '--channels', 'keyword', '--json']);
    const { hits } = JSON.parse(stdout) as { readonly hits: readonly { readonly sourceKey: string }[] };
    expect(hits[0]?.sourceKey).toBe('PMC7000001/f1');
  });

  it('are taken as a single file, and a folder as images where that is asked for', async () => {
    const other = newPlace();
    const file = path.join(folder, 'two/acta.xml');
    expect(await ingestSource(other, file, '--format', 'jats')).toMatchObject({ added: 1, rejected: 0 });
    expect(await ingestSource(other, path.join(folder, 'two'), '--format', 'folder')).toMatchObject({ added: 1 });
    const { code, stderr } = await run(other, ['ingest', path.join(folder, 'two/page.xml'), '--format', 'jats']);
    expect(code).not.toBe(0);
    expect(stderr).toContain('expected an article in JATS or NLM XML');
  });
});

describe('articles in packages of PubMed Central', () => {
  const place = newPlace();
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'packages-'));
    const images = ['drawn-1-g001.jpg', 'drawn-1-g001.gif', 'drawn-1-g002.png', 'drawn-1-g003a.png'];
    const files = await Promise.all(
      images.map(async (name, at) => [`PMC7000001/${name}`, await makeImage(at)] as const),
    );
    const whole = await packageOf([...files, ['PMC7000001/article.nxml', jatsArticle]]);
    mkdirSync(path.join(folder, 'aa/01'), { recursive: true });
    writeFileSync(path.join(folder, 'aa/01/PMC7000001.tar.gz'), gzipSync(whole));
    writeFileSync(path.join(folder, 'aa/cut.tar.gz'), gzipSync(whole).subarray(0, 900));
    writeFileSync(path.join(folder, 'aa/other.tar'), await packageOf([['readme.xml', '<notes/>']]));
    const link = { name: 'PMC2/acta.g001.png', type: 'symlink', linkname: '/etc/hostname' } as const;
    writeFileSync(
      path.join(folder, 'aa/link.tar'),
      await packageOf([
        ['PMC2/acta.nxml', nlmArticle],
        [link, ''],
      ]),
    );
  });

  it('are read without unpacking, and what cannot be read is a fault', async () => {
    const report = await ingestSource(place, folder);
    expect(report).toMatchObject({ added: 3, rejected: 3 });
    expect(report.faults.map(({ code, message }) => `${code}: ${message}`).sort()).toEqual([
      'BAD_RECORD: The archive cannot be read: unexpected end of file',
      'BAD_RECORD: There is no picture acta.g001 (with .jpg, .png, .webp, .tif, .gif or .avif) beside aa/link.tar/PMC2/acta.nxml',
      'BAD_RECORD: There is no picture drawn-1-absent.tif (with .jpg, .png, .webp, .tif, .gif or .avif) beside aa/01/PMC7000001.tar.gz/PMC7000001/article.nxml',
    ]);
    const figures = await readFigures(place);
    expect(figures.map(({ sourceKey }) => sourceKey)).toEqual(['PMC7000001/f1', 'PMC7000001/f2', 'PMC7000001/f3a']);
  });

  it('are the same figures as those of a single package', async () => {
    const single = path.join(folder, 'aa/01/PMC7000001.tar.gz');
    const report = await ingestSource(place, single, '--source', path.basename(folder));
    expect(report).toMatchObject({ added: 0, updated: 0, unchanged: 3 });
  });
});

const sharedArticles = path.join(sharedDir, 'data/jats');
const ofShared = existsSync(sharedArticles) ? readdirSync(sharedArticles).filter((name) => /\.n?xml$/.test(name)) : [];

const name = (...names: readonly string[]): string => names.map((one) => `local-name()='${one}'`).join(' or ');
const letters = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '');

/** Figures as libxml2 finds them: id, label and the letters of the caption. */
function readByReference(xml: string): readonly string[] {
  const document = XmlDocument.fromString(xml, { option: ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_HUGE });
  try {
    const own = `not(ancestor::*[${name('sub-article', 'response', 'fig-group')}])`;
    return document.find(`//*[local-name()='fig'][${own}]`).map((fig) => {
      const unread = `ancestor-or-self::*[${name('fn', 'permissions', 'object-id', 'supplementary-material', 'inline-formula', 'disp-formula', 'math')}]`;
      const textOf = (node: XmlNode, of: string): string =>
        node
          .find(`./*[local-name()='${of}']//text()[not(${unread})]`)
          .map(({ content }) => content)
          .join('');
      const id = (fig as ReferenceElement).attr('id')?.value ?? '';
      return `${id} | ${letters(textOf(fig, 'label'))} | ${letters(textOf(fig, 'caption'))}`;
    });
  } finally {
    document.dispose();
  }
}

describe('figures of an article, compared with libxml2', () => {
  const xmlOf = (file: string): string => readFileSync(path.join(sharedArticles, file), 'utf8');
  const cases: (readonly [string, () => string])[] = [
    [
      'an article of this test',
      () =>
        jatsArticle
          .replace(/<sub-article[\s\S]*<\/sub-article>/, '')
          .replace(/<fig-group[\s\S]*<\/fig-group>/, '')
          .replace('&deg;', '°')
          .replace('&who;', ''),
    ],
    ...ofShared.map((file) => [file, () => xmlOf(file)] as const),
  ];

  it.each(cases)('%s', (_name, xml) => {
    const text = xml();
    const withoutFormulas = text.replace(/<((?:inline|disp)-formula)\b[\s\S]*?<\/\1>/g, '');
    const { figures } = readArticle(parseXml(withoutFormulas));
    const found = figures.map(
      ({ id, label, caption }) => `${id ?? ''} | ${letters(label ?? '')} | ${letters(caption)}`,
    );
    const wanted = readByReference(withoutFormulas);
    expect(found.slice(0, wanted.length)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(0);
  });
});
