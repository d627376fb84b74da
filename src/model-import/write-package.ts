import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { DualEncoder } from '../domain/dual-encoder.js';
import { withoutByteOrderMark } from '../domain/decode-text.js';
import { FigseekError, messageOf, systemCodeOf } from '../domain/errors.js';
import { openCheckpoint } from './checkpoint/open-checkpoint.js';
import type { Checkpoint } from './checkpoint/tensor.js';
import { checkSpace } from '../platform/free-space.js';
import { GraphWriter } from './onnx/graph-writer.js';
import type { Precision } from '../domain/precision.js';
import { importBytes, plans } from '../model-packages/precision.js';
import { stagingFolder, replaceAtomically, cleanStaging } from '../model-packages/package-folder.js';
import { shippedPackages } from '../model-packages/shipped-packages.js';
import {
  packageName,
  type LicenseAcceptance,
  type PackageFile,
  type PackageManifest,
} from '../model-packages/package-manifest.js';
import { fileExists } from '../platform/file-exists.js';

export interface ImportOptions {
  readonly name: string;
  /** Folder that holds one folder a package. */
  readonly modelsDir: string;
  /** Default: fp32. */
  readonly precision?: Precision;
  readonly license?: string;
  readonly warning?: string;
  /** Where the weights come from; what the configuration says where absent. */
  readonly source?: string;
  /** That a user accepted the terms. */
  readonly consent?: LicenseAcceptance;
  /** Put the new package in the place of one of the same name. */
  readonly replace?: boolean;
  /** Tries graphs that others made, of so many tokens, before they are put in place; throws what is wrong with them. */
  readonly tryOut?: (model: DualEncoder, tokens: number) => Promise<void>;
}

/** The files of a package in its working folder. */
export class PackageFiles {
  constructor(readonly folder: string) {}

  async text(name: string, content: string): Promise<PackageFile> {
    await writeFile(path.join(this.folder, name), content, { flush: true });
    return this.file(name);
  }

  /** What `model.json` says of a file that was written. */
  async file(name: string): Promise<PackageFile> {
    const file = path.join(this.folder, name);
    const handle = await open(file, 'r');
    const hash = createHash('sha256');
    for await (const chunk of handle.createReadStream()) hash.update(chunk as Buffer);
    return { file: name, bytes: (await stat(file)).size, sha256: hash.digest('hex') };
  }
}

/** Writes the files of a package that is made from a checkpoint. */
export class PackageWriter extends PackageFiles {
  readonly precision: Precision;
  private readonly weights: string[] = [];

  constructor(
    readonly checkpoint: Checkpoint,
    folder: string,
    readonly options: ImportOptions,
  ) {
    super(folder);
    this.precision = options.precision ?? 'fp32';
  }

  /** Writes `NAME.onnx` and `NAME.data`. */
  async graph(name: string, write: (graph: GraphWriter) => Promise<void>): Promise<void> {
    const writer = await GraphWriter.create(this.folder, name, plans[this.precision].activations);
    try {
      await write(writer);
      this.weights.push(await writer.finish());
    } finally {
      await writer.abandon();
    }
  }

  async graphFiles(name: string): Promise<{ graph: PackageFile; weights: PackageFile }> {
    return { graph: await this.file(`${name}.onnx`), weights: await this.file(`${name}.data`) };
  }

  /** @param use what decides, beside the weights, how they are used: equal versions give equal answers */
  version(use: readonly unknown[]): string {
    return createHash('sha256')
      .update(JSON.stringify([this.weights, this.precision, ...use]))
      .digest('hex');
  }
}

/**
 * Turns a checkpoint into a model package. It appears whole, with its `model.json`, or not at all.
 * @param convert writes the package's files and says what `model.json` has to hold
 * @throws {FigseekError} BAD_USER_INPUT naming the file and the reason; CONFLICT where the name is taken
 */
export async function writePackage<Manifest extends PackageManifest>(
  checkpointFile: string,
  options: ImportOptions,
  convert: (writer: PackageWriter) => Promise<Manifest>,
): Promise<Manifest> {
  await placeOf(options);
  // What cannot be read is told where it is opened.
  const weights = await stat(checkpointFile).then(
    ({ size }) => size,
    () => 0,
  );
  await checkSpace(options.modelsDir, 0, importBytes(weights, options.precision));
  const checkpoint = await openCheckpoint(checkpointFile);
  try {
    return await putPackage(options, `The checkpoint ${checkpoint.file}`, (folder) =>
      convert(new PackageWriter(checkpoint, folder, options)),
    );
  } finally {
    await checkpoint.close();
  }
}

/**
 * Makes a package in a folder beside the others and puts it in its place when it is whole.
 * @param what named in the message where it is refused
 * @param make writes the package's files into the folder and says what `model.json` has to hold
 * @throws {FigseekError} BAD_USER_INPUT with the reason; CONFLICT where the name is taken
 */
export async function putPackage<Manifest extends PackageManifest>(
  options: ImportOptions,
  what: string,
  make: (folder: string) => Promise<Manifest>,
): Promise<Manifest> {
  const { target, taken } = await placeOf(options);
  const working = stagingFolder(options.modelsDir);
  try {
    await mkdir(working, { recursive: true });
    const manifest = await make(working);
    await new PackageFiles(working).text('model.json', `${JSON.stringify(manifest, null, 2)}\n`);
    if (taken) await replaceAtomically(target, working);
    else await rename(working, target);
    return manifest;
  } catch (error) {
    // What cannot be deleted now is swept by a later import; the reason must not be hidden by it.
    await rm(working, { recursive: true, force: true }).catch(() => undefined);
    if (error instanceof FigseekError) throw error;
    // A full disk or a locked folder says nothing about what is imported.
    if (systemCodeOf(error) !== null) {
      const message = `The package cannot be written to ${options.modelsDir}: ${messageOf(error)}`;
      throw new FigseekError('INTERNAL_SERVER_ERROR', message, { cause: error });
    }
    throw new FigseekError('BAD_USER_INPUT', `${what} is refused: ${messageOf(error)}`);
  }
}

/** A configuration file beside a checkpoint. @throws {FigseekError} BAD_USER_INPUT naming the file and the reason */
export async function readSibling<Parsed>(file: string, parse: (text: string) => Parsed): Promise<Parsed> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new FigseekError('BAD_USER_INPUT', `The file ${file} cannot be read: ${messageOf(error)}`);
  });
  try {
    return parse(withoutByteOrderMark(text));
  } catch (error) {
    throw new FigseekError('BAD_USER_INPUT', `The file ${file} is refused: ${messageOf(error)}`);
  }
}

/**
 * Where a package is to lie. What killed imports left is cleared first: the name may be that of a package they moved away.
 * A package that ships has its name in every folder: one of the same name is taken instead of it.
 * @throws {FigseekError} BAD_USER_INPUT where the name does not fit; CONFLICT where it is taken
 */
export async function placeOf({
  name,
  modelsDir,
  replace,
}: Pick<ImportOptions, 'name' | 'modelsDir' | 'replace'>): Promise<{ target: string; taken: boolean }> {
  const checked = packageName.safeParse(name);
  if (!checked.success) {
    const reason = checked.error.issues[0]?.message ?? '';
    throw new FigseekError('BAD_USER_INPUT', `The name ${name} does not fit: ${reason}`);
  }
  await cleanStaging(modelsDir);
  const target = path.join(modelsDir, checked.data);
  const taken = await fileExists(target);
  if ((taken || shippedPackages.includes(checked.data)) && replace !== true) {
    const fix = 'choose another name with --as, or --replace';
    throw new FigseekError('CONFLICT', `There is a package ${name} already; ${fix}`);
  }
  return { target, taken };
}
