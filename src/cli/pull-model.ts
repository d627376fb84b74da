import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../app/config.js';
import { FigseekError } from '../domain/errors.js';
import { importBytes } from '../model-packages/precision.js';
import { checkFolder } from '../model-hub/folder-files.js';
import { HubClient } from '../model-hub/hub-client.js';
import { knownModel, type ModelCatalogEntry } from '../model-hub/model-catalog.js';
import { downloadsOf, pullFiles, totalBytes } from '../model-hub/pull-files.js';
import { withPullLock } from '../platform/file-lock.js';
import { planPull, type PullPlan } from '../model-hub/pull-plan.js';
import { importModelFolder } from '../model-import/import-folder.js';
import type { Precision } from '../model-packages/precision.js';
import {
  defaultPackageName,
  type LicenseAcceptance,
  type PackageManifest,
} from '../model-packages/package-manifest.js';
import { placeOf } from '../model-import/write-package.js';
import { askYesNo, canAsk } from './ask.js';
import { bytes, withProgress } from './progress.js';

export interface PullOptions {
  /** Name of the package (default: that of the model). */
  readonly as?: string;
  readonly precision?: Precision;
  /** A folder with the model's files, instead of the hub. */
  readonly from?: string;
  readonly acceptLicense?: boolean;
  readonly keep?: boolean;
  /** Downloads and checks the files, and leaves them: to carry them to a machine without network. */
  readonly filesOnly?: boolean;
  readonly replace?: boolean;
}

/** What came of a pull: a package, or files that lie ready for an import. */
export interface Pulled {
  readonly name: string;
  readonly license: string;
  readonly source: string;
  readonly consent: LicenseAcceptance;
  readonly manifest: PackageManifest | null;
  /** Where the files lie, where they were kept. */
  readonly folder: string | null;
}

/** The files of a model with what is to be known of them. */
interface Ready {
  readonly folder: string;
  readonly license: string;
  readonly source: string;
  readonly consent: LicenseAcceptance;
}

const stallMs = 30_000;

/** What becomes of the files: they are imported, or left as they are. */
type Finish = (ready: Ready) => Promise<Pulled>;

/** Fetches a known model, or takes it from a folder, and makes a package of it. */
export async function pullModel(config: Config, modelName: string, options: PullOptions): Promise<Pulled> {
  const model = knownModel(modelName);
  const packageName = options.as ?? defaultPackageName(model.name, options.precision);
  // Before anything is fetched: the import would refuse it an hour later.
  await placeOf({ name: packageName, modelsDir: config.models, replace: options.replace === true });
  const finish: Finish = async ({ folder, ...told }) => {
    if (options.filesOnly === true) return { name: model.name, ...told, manifest: null, folder };
    note(`importing ${model.name}`);
    const manifest = await importModelFolder(folder, {
      name: packageName,
      modelsDir: config.models,
      ...(model.kind === 'open-clip' ? { warning: model.intendedUse } : {}),
      ...told,
      ...(options.precision === undefined ? {} : { precision: options.precision }),
      ...(options.replace === true ? { replace: true } : {}),
    });
    const keep = options.keep === true || options.from !== undefined;
    if (!keep) await rm(folder, { recursive: true, force: true });
    return { name: manifest.name, ...told, manifest, folder: keep ? folder : null };
  };
  return options.from === undefined
    ? fromHub(config, model, options, finish)
    : finish(await fromFolder(model, options.from, options));
}

async function fromFolder(model: ModelCatalogEntry, from: string, options: PullOptions): Promise<Ready> {
  const folder = path.resolve(from);
  const record = await checkFolder(model, folder);
  if (record === null) note(`${folder} has no pull.json: its files could not be compared with what the hub lists`);
  const license = record?.license ?? model.license ?? 'not stated';
  const consent = await askConsent(model, license, options);
  return { folder, license, source: record?.source ?? `${model.repository}, from a folder`, consent };
}

/** The lock is held to the end: another pull of the model must not find files that are imported, or removed. */
async function fromHub(
  config: Config,
  model: ModelCatalogEntry,
  options: PullOptions,
  finish: Finish,
): Promise<Pulled> {
  const client = new HubClient({ url: config.hubUrl, token: config.hubToken, stallMs });
  try {
    const plan = await planPull(client, model, { note });
    note(`${model.name}: ${plan.files.length} files, ${bytes(totalBytes(plan))}, of ${plan.source}`);
    const consent = await askConsent(model, plan.license, options, client.pageOf(model.repository));
    const fetch = (at: (done: number, before: number) => void): Promise<string> =>
      pullFiles(client, plan, {
        modelsDir: config.models,
        importBytes: roomToImport(plan, options),
        consent,
        note,
        onProgress: at,
      });
    return await withPullLock(downloadsOf(config.models), model.name, async () => {
      const folder = await withProgress(model.name, totalBytes(plan), fetch, bytes);
      return finish({ folder, license: plan.license, source: plan.source, consent });
    });
  } finally {
    await client.close();
  }
}

/** Files that are only to be carried away need no room for an import. */
function roomToImport({ files }: PullPlan, { precision, filesOnly }: PullOptions): number {
  return filesOnly === true ? 0 : importBytes(Math.max(...files.map((file) => file.bytes)), precision);
}

/** @throws {FigseekError} BAD_USER_INPUT where nobody accepted the terms */
async function askConsent(
  model: ModelCatalogEntry,
  license: string,
  { acceptLicense }: PullOptions,
  page?: string,
): Promise<LicenseAcceptance> {
  note(`License of ${model.name}: ${license}${page === undefined ? '' : ` (${page})`}`);
  note(model.intendedUse);
  const refused = `${model.name} was not pulled: its license and intended use were not accepted`;
  if (acceptLicense !== true) {
    if (!canAsk()) throw new FigseekError('BAD_USER_INPUT', `${refused}; say so by --accept-license`);
    if (!(await askYesNo('Do you accept the license and the intended use?'))) {
      throw new FigseekError('BAD_USER_INPUT', refused);
    }
  }
  return { license, at: new Date().toISOString() };
}

/** On a terminal a progress bar may stand on the line: it is wiped, and drawn again below. */
function note(line: string): void {
  console.error(process.stderr.isTTY ? `\r\u001b[K${line}` : line);
}
