import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ZodError } from 'zod';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { withoutByteOrderMark } from '../domain/decode-text.js';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import { issuesInWords } from '../domain/issues.js';
import type { PanelDetector } from '../domain/panel-detector.js';
import type { Segmenter } from '../domain/segmenter.js';
import { loadPanelDetector } from './dab-detr/load-panel-detector.js';
import { loadDualEncoder } from './open-clip/load-dual-encoder.js';
import { recoverInterruptedReplace } from './package-folder.js';
import { loadBiomedParse } from './biomedparse/load-biomedparse.js';
import {
  listFiles,
  manifestSchema,
  packageName,
  type DualEncoderManifest,
  type PackageFile,
  type PackageManifest,
  type PanelDetectorManifest,
  type SegmenterManifest,
} from './package-manifest.js';
import { shippedPackages } from './shipped-packages.js';
import { fileExists } from '../platform/file-exists.js';

/** What the shipped segmenter's `model.json` says of its origin (tools/starter). */
const starterSegmenterSource = 'figseek/starter-segmenter';

/** The model packages of one folder, and those that ship: one folder a package, `model.json` in each. */
export class ModelRegistry {
  /**
   * @param modelsDir the user's packages; one with the name of a shipped package is taken instead of that one
   * @param shippedDir where the packages that ship lie; null where only those of `modelsDir` count
   */
  constructor(
    readonly modelsDir: string,
    private readonly shippedDir: string | null = null,
  ) {}

  /** Packages whose `model.json` can be read, by name. */
  async list(): Promise<readonly PackageManifest[]> {
    const own = await this.ownNames();
    return this.manifests(this.shippedDir === null ? own : [...new Set([...own, ...shippedPackages])]);
  }

  /** Packages of the user's folder alone, by name. */
  async listOwn(): Promise<readonly PackageManifest[]> {
    return new ModelRegistry(this.modelsDir).list();
  }

  /**
   * The folder of a package, which need not be there. A folder of the user without `model.json` holds no package, so that
   * the shipped package of that name is taken.
   * @param name as it may stand in a path
   */
  async folderOf(name: string): Promise<string> {
    const own = path.join(this.modelsDir, name);
    if (this.shippedDir === null || !shippedPackages.includes(name)) return own;
    const isThere = await fileExists(path.join(own, 'model.json'));
    return isThere ? own : path.join(this.shippedDir, name);
  }

  private async ownNames(): Promise<readonly string[]> {
    await recoverInterruptedReplace(this.modelsDir);
    const names: readonly string[] = await readdir(this.modelsDir).catch(() => []);
    return names.filter((name) => !name.startsWith('.'));
  }

  private async manifests(names: readonly string[]): Promise<readonly PackageManifest[]> {
    const found = await Promise.all([...names].sort().map((name) => this.manifest(name).catch(() => null)));
    return found.filter((manifest) => manifest !== null);
  }

  /** @throws {FigseekError} MODEL_UNAVAILABLE saying what is wrong and how to fix it */
  async manifest(name: string): Promise<PackageManifest> {
    await recoverInterruptedReplace(this.modelsDir);
    try {
      const file = path.join(await this.folderOf(packageName.parse(name)), 'model.json');
      return manifestSchema.parse(JSON.parse(withoutByteOrderMark(await readFile(file, 'utf8'))));
    } catch (error) {
      const reason = reasonOf(error);
      throw new FigseekError(
        'MODEL_UNAVAILABLE',
        `There is no usable model package ${name.slice(0, 80)} in ${this.modelsDir} (${reason}); “npx figseek models” lists what is there`,
      );
    }
  }

  /** Checks every file of a package against its manifest. @throws {FigseekError} MODEL_UNAVAILABLE naming the file */
  async verify(name: string): Promise<PackageManifest> {
    const manifest = await this.manifest(name);
    await this.verifyFiles(name, manifest);
    return manifest;
  }

  /** Verifies a dual encoder and makes it ready to use. @throws {FigseekError} MODEL_UNAVAILABLE saying the fix */
  async load(name: string): Promise<DualEncoder> {
    const manifest = await this.dualEncoder(name);
    await this.verifyFiles(name, manifest);
    return loadDualEncoder(await this.folderOf(name), manifest);
  }

  /** @throws {FigseekError} MODEL_UNAVAILABLE where the package is none, or a segmenter */
  async dualEncoder(name: string): Promise<DualEncoderManifest> {
    const manifest = await this.manifest(name);
    if (manifest.kind === 'dual-encoder') return manifest;
    const fix = 'choose a dual encoder (“npx figseek models” tells the kinds)';
    const does = manifest.kind === 'segmenter' ? 'a segmenter: it draws masks' : 'a panel detector: it finds panels';
    throw new FigseekError('MODEL_UNAVAILABLE', `${name} is ${does} and embeds nothing; ${fix}`);
  }

  /**
   * Verifies a segmenter and makes it ready to use.
   * @param name null for the only one that is there, the starter segmenter aside
   * @throws {FigseekError} MODEL_UNAVAILABLE saying the fix
   */
  async loadSegmenter(name: string | null): Promise<Segmenter> {
    const manifest = await this.segmenterManifest(name);
    const folder = name ?? manifest.name;
    await this.verifyFiles(folder, manifest);
    return loadBiomedParse(await this.folderOf(folder), manifest);
  }

  /** A segmenter whose files are not checked again: for another thread of who loaded it. */
  async openSegmenter(name: string): Promise<Segmenter> {
    return loadBiomedParse(await this.folderOf(name), await this.segmenterManifest(name));
  }

  /** What a segmenter says of itself. @param name null for the only one, the starter aside @throws {FigseekError} MODEL_UNAVAILABLE saying the fix */
  async segmenterManifest(name: string | null): Promise<SegmenterManifest> {
    const manifest = name === null ? await this.onlySegmenter() : await this.manifest(name);
    if (manifest.kind === 'segmenter') return manifest;
    const fix = 'choose a segmenter (“npx figseek models” tells the kinds)';
    throw new FigseekError('MODEL_UNAVAILABLE', `${manifest.name} is a ${manifest.kind}: it draws no masks; ${fix}`);
  }

  /** Verifies a panel detector and makes it ready to use. @throws {FigseekError} MODEL_UNAVAILABLE saying the fix */
  async loadPanelDetector(name: string): Promise<PanelDetector> {
    const manifest = await this.panelDetector(name);
    await this.verifyFiles(name, manifest);
    return loadPanelDetector(await this.folderOf(name), manifest);
  }

  /** @throws {FigseekError} MODEL_UNAVAILABLE where the package is none, or of another kind */
  async panelDetector(name: string): Promise<PanelDetectorManifest> {
    const manifest = await this.manifest(name);
    if (manifest.kind === 'panel-detector') return manifest;
    const fix = 'choose a panel detector (“npx figseek models” tells the kinds)';
    throw new FigseekError('MODEL_UNAVAILABLE', `${name} is a ${manifest.kind}: it finds no panels; ${fix}`);
  }

  private async onlySegmenter(): Promise<PackageManifest> {
    const segmenters = (await this.list()).filter(({ kind }) => kind === 'segmenter');
    // What ships with the repository serves only where the user has put nothing beside it.
    const own = segmenters.filter(({ source }) => source !== starterSegmenterSource);
    const found = own.length > 0 ? own : segmenters;
    const [first] = found;
    if (first === undefined) {
      const fix = 'download BiomedParse v1 into a folder, then: npx figseek models import FOLDER --as biomedparse';
      throw new FigseekError('MODEL_UNAVAILABLE', `There is no segmenter in ${this.modelsDir}; ${fix}`);
    }
    if (found.length > 1) {
      const names = found.map(({ name }) => name).join(', ');
      throw new FigseekError(
        'MODEL_UNAVAILABLE',
        `There are several segmenters (${names}); choose one with --model, for a server with FIGSEEK_SEGMENTER`,
      );
    }
    return first;
  }

  private async verifyFiles(name: string, manifest: PackageManifest): Promise<void> {
    const folder = await this.folderOf(name);
    for (const file of listFiles(manifest)) await verifyFile(folder, file);
  }
}

function reasonOf(error: unknown): string {
  if (systemCodeOf(error) === 'ENOENT') return 'there is no such folder with a model.json';
  const what = error instanceof ZodError ? issuesInWords(error.issues) : messageOf(error);
  return error instanceof SyntaxError ? `its model.json is damaged, import it again: ${what}` : what;
}

async function verifyFile(folder: string, expected: PackageFile): Promise<void> {
  const hash = createHash('sha256');
  const file = path.join(folder, expected.file);
  await pipeline(createReadStream(file), hash).catch((error: unknown) => {
    throw new FigseekError('MODEL_UNAVAILABLE', `The model file ${file} cannot be read: ${messageOf(error)}`);
  });
  if (hash.digest('hex') !== expected.sha256) {
    throw new FigseekError(
      'MODEL_UNAVAILABLE',
      `The model file ${file} differs from model.json; import the model again`,
    );
  }
}
