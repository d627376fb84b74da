import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { packageRoot } from '../../src/app/config.js';
import { repositorySet } from '../golden/golden-sets.js';
import { ending, writeCorpus, type Finished } from '../support/figseek-process.js';

/** An account that owns nothing. The superuser may write everywhere, so that its tests run commands as this one. */
const nobody = 65_534;
const isSuperuser = process.getuid?.() === 0;

/** The files of the package, as npm packs them. */
function packedFiles(): readonly string[] {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--ignore-scripts', '--json'], {
    cwd: packageRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files } = { files: [] }] = JSON.parse(packed) as { readonly files: readonly { readonly path: string }[] }[];
  return files.map((file) => file.path);
}

/** The package as npm packs it, in a folder that who runs it cannot write, as a global installation is. */
function installPackage(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'installed-'));
  for (const name of packedFiles()) cpSync(path.join(packageRoot, name), path.join(root, name));
  // What npm installs and compiles.
  for (const name of ['node_modules', 'native/build']) {
    if (existsSync(path.join(packageRoot, name))) symlinkSync(path.join(packageRoot, name), path.join(root, name));
  }
  for (const name of ['indexes', 'models', '.']) chmodSync(path.join(root, name), 0o555);
  return root;
}

describe('the package', () => {
  it('holds what is built, the models that ship, what compiles the addons, and the documents', () => {
    const files = packedFiles();
    expect(files).toEqual(
      expect.arrayContaining([
        ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'schema.graphql', 'docs/ingest.md'],
        ...['dist/src/cli.js', 'dist/src/main.js', 'dist/src/adapters/onnx/child.js', 'dist/web/index.html'],
        ...['native/binding.gyp', 'native/vectors.cc', 'native/pixels.cc', 'tools/build/native.mjs'],
        ...['models/starter/model.json', 'models/starter/image.data', 'models/starter-segmenter/decoder.data'],
      ]),
    );
    const sources = readdirSync(path.join(packageRoot, 'migrations'));
    const migrations = sources.map((name) => `dist/migrations/${name.replace(/ts$/, 'js')}`);
    expect(files.filter((file) => file.startsWith('dist/migrations/')).sort()).toEqual(migrations.sort());
  });

  it('holds no test, no source of TypeScript, no map to one, and no data', () => {
    const superfluous =
      /^(?:src|test|web|data|dist\/test)\/|\.spec\.|\.map$|\.tsx?$|\.tsbuildinfo$|^indexes\/.*(?<!README\.md)$/;
    expect(packedFiles().filter((file) => superfluous.test(file))).toEqual([]);
  });
});

describe('a package in a folder that cannot be written', () => {
  let root: string;
  let home: string;
  let corpus: string;

  beforeAll(async () => {
    root = installPackage();
    home = mkdtempSync(path.join(tmpdir(), 'home-'));
    if (isSuperuser) chownSync(home, nobody, nobody);
    corpus = path.join(home, 'corpus');
    cpSync(path.dirname(await writeCorpus(12)), corpus, { recursive: true });
    chmodSync(corpus, 0o755);
  });

  /** Runs the installed command line at a low priority, as a user does beside other work. */
  function figseek(...args: readonly string[]): Promise<Finished> {
    return figseekWith({}, ...args);
  }

  function figseekWith(settings: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Finished> {
    const user = isSuperuser ? { uid: nobody, gid: nobody } : {};
    const { FIGSEEK_DATA: _data, FIGSEEK_INDEXES: _indexes, FIGSEEK_MODELS: _models, ...env } = process.env;
    const child = spawn('nice', ['-n', '15', process.execPath, path.join(root, 'dist/src/cli.js'), ...args], {
      cwd: home,
      env: { ...env, HOME: home, TMPDIR: home, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    return ending(child);
  }

  it('keeps indexes and models in the data folder, and finds the models that ship', async () => {
    const ingest = await figseek('ingest', path.join(corpus, 'figures.jsonl'));
    expect(ingest).toMatchObject({ code: 0, stderr: expect.not.stringContaining('EACCES') });
    expect((await figseek('index', 'build')).code).toBe(0);
    expect(readdirSync(path.join(home, 'data', 'indexes'))).toHaveLength(1);

    const found = await figseek('search', 'survival curve', '--json');
    expect(found.code).toBe(0);
    expect((JSON.parse(found.stdout) as { hits: readonly unknown[] }).hits.length).toBeGreaterThan(0);

    const models = await figseek('models', '--json');
    expect(JSON.parse(models.stdout)).toMatchObject([{ name: 'starter', active: true }, { name: 'starter-segmenter' }]);

    const doctor = await figseek('doctor');
    expect([doctor.code, doctor.stdout]).toEqual([
      0,
      expect.stringContaining(`ok    model folder: ${path.join(home, 'data', 'models')}`),
    ]);
  });

  it('keeps and finds packages in the data folder that a command names', async () => {
    const published = path.join(home, 'published');
    cpSync(repositorySet('biomedclip').modelFolder(), published, { recursive: true });
    chmodSync(published, 0o755);
    const data = path.join(home, 'second');
    expect(await figseek('models', 'import', published, '--as', 'mine', '--data', 'second')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Next: npx figseek models use mine --data ${data}`),
    });
    expect(readdirSync(path.join(data, 'models'))).toEqual(['mine']);
    expect(existsSync(path.join(home, 'data', 'models'))).toBe(false);

    const texts = path.join(home, 'texts.txt');
    writeFileSync(texts, 'blood smear\n');
    const ofMine = ['--model', 'mine', '--data', 'second'];
    for (const command of [
      ['embed', '--texts', texts],
      ['eval', path.join(corpus, 'figures.jsonl'), '--json'],
      ['bench', 'embed', '--batches', '1', '--seconds', '0.01'],
    ]) {
      const { code, stdout, stderr } = await figseek(...command, ...ofMine);
      expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringContaining('"model":"mine"') });
    }
  });

  it('runs by the folders that are named where its own folder of models cannot be read', async () => {
    const own = { FIGSEEK_INDEXES: path.join(home, 'indexes'), FIGSEEK_MODELS: path.join(home, 'own') };
    chmodSync(path.join(root, 'models'), 0);
    const models = await figseekWith(own, 'models', '--json');
    chmodSync(path.join(root, 'models'), 0o555);
    expect({ ...models, stdout: JSON.parse(models.stdout) as unknown }).toEqual({ code: 0, stdout: [], stderr: '' });
  });
});
