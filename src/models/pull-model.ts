import { rm } from 'node:fs/promises';
import path from 'node:path';
import { FigseekError } from '../domain/errors.js';
import { formatBytes } from '../domain/format-bytes.js';
import type { Precision } from '../domain/precision.js';
import { checkFolder } from '../model-hub/folder-files.js';
import { HubClient } from '../model-hub/hub-client.js';
import { knownModel, knownModels, type ModelCatalogEntry } from '../model-hub/model-catalog.js';
import { downloadsOf, pullFiles, totalBytes } from '../model-hub/pull-files.js';
import { planPull, type PullPlan } from '../model-hub/pull-plan.js';
import { importModelFolder } from '../model-import/import-folder.js';
import { placeOf } from '../model-import/write-package.js';
import {
  defaultPackageName,
  type LicenseAcceptance,
  type PackageManifest,
} from '../model-packages/package-manifest.js';
import { importBytes } from '../model-packages/precision.js';
import { withProcessLock } from '../platform/file-lock.js';
import type { WorkReporter } from '../ports/work-reporter.js';
import type { Viewer } from '../domain/viewer.js';

/** Names of the models that can be pulled. */
export const pullableNames: readonly string[] = knownModels.map(({ name }) => name);

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

/** The result of a pull: a package, or files that lie ready for an import. */
export interface Pulled {
  readonly name: string;
  readonly license: string;
  readonly source: string;
  readonly consent: LicenseAcceptance;
  readonly manifest: PackageManifest | null;
  /** Where the files lie, where they were kept. */
  readonly folder: string | null;
}

/** Where packages go and models come from. */
export interface PullSettings {
  readonly modelsDir: string;
  readonly hubUrl: string;
  /** A secret; null for none. */
  readonly hubToken: string | null;
}

/** Who pulls: is told what happens, and is asked whether the license is accepted. */
export interface PullListener extends WorkReporter {
  /** Asks a question that is answered by yes or no; null where nobody can be asked. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
}

/** The files of a model with what is to be known of them. */
interface Ready {
  readonly folder: string;
  readonly license: string;
  readonly source: string;
  readonly consent: LicenseAcceptance;
}

/** What becomes of the files: they are imported, or left as they are. */
type Finish = (ready: Ready) => Promise<Pulled>;

const stallMs = 30_000;

/** Fetches a known model, or takes it from a folder, and makes a package of it. */
export class PullModel {
  constructor(private readonly settings: PullSettings) {}

  /**
   * @throws {FigseekError} BAD_USER_INPUT for an unknown model and where nobody accepted the terms; CONFLICT where the
   *   name is taken; MODEL_UNAVAILABLE where the hub does not give what was expected
   */
  async run(_viewer: Viewer, modelName: string, options: PullOptions, listener: PullListener): Promise<Pulled> {
    const { modelsDir } = this.settings;
    const model = knownModel(modelName);
    const packageName = options.as ?? defaultPackageName(model.name, options.precision);
    // Before anything is fetched: the import would refuse it an hour later.
    await placeOf({ name: packageName, modelsDir, replace: options.replace === true });
    const finish: Finish = async ({ folder, ...told }) => {
      if (options.filesOnly === true) return { name: model.name, ...told, manifest: null, folder };
      listener.tell(`importing ${model.name}`);
      const manifest = await importModelFolder(folder, {
        name: packageName,
        modelsDir,
        ...(model.kind === 'biomedparse' ? {} : { warning: model.intendedUse }),
        ...told,
        ...(options.precision === undefined ? {} : { precision: options.precision }),
        ...(options.replace === true ? { replace: true } : {}),
      });
      const keep = options.keep === true || options.from !== undefined;
      if (!keep) await rm(folder, { recursive: true, force: true });
      return { name: manifest.name, ...told, manifest, folder: keep ? folder : null };
    };
    return options.from === undefined
      ? this.fromHub(model, options, listener, finish)
      : finish(await fromFolder(model, options.from, options, listener));
  }

  /** The lock is held to the end: another pull of the model must not find files that are imported, or removed. */
  private async fromHub(
    model: ModelCatalogEntry,
    options: PullOptions,
    listener: PullListener,
    finish: Finish,
  ): Promise<Pulled> {
    const { modelsDir, hubUrl, hubToken } = this.settings;
    const note = (line: string): void => {
      listener.tell(line);
    };
    const client = new HubClient({ url: hubUrl, token: hubToken, stallMs });
    try {
      const plan = await planPull(client, model, { note });
      note(`${model.name}: ${plan.files.length} files, ${formatBytes(totalBytes(plan))}, of ${plan.source}`);
      const page = client.pageOf(model.repository);
      const consent = await askConsent({ model, license: plan.license, page }, options, listener);
      const fetch = (at: (done: number, before: number) => void): Promise<string> =>
        pullFiles(client, plan, {
          modelsDir,
          importBytes: roomToImport(plan, options),
          consent,
          note,
          onProgress: at,
        });
      return await withProcessLock(downloadsOf(modelsDir), model.name, async () => {
        const folder = await listener.track(model.name, totalBytes(plan), fetch, 'bytes');
        return finish({ folder, license: plan.license, source: plan.source, consent });
      });
    } finally {
      await client.close();
    }
  }
}

async function fromFolder(
  model: ModelCatalogEntry,
  from: string,
  options: PullOptions,
  listener: PullListener,
): Promise<Ready> {
  const folder = path.resolve(from);
  const record = await checkFolder(model, folder);
  if (record === null) {
    listener.tell(`${folder} has no pull.json: its files could not be compared with what the hub lists`);
  }
  const license = record?.license ?? model.license ?? 'not stated';
  const consent = await askConsent({ model, license, page: null }, options, listener);
  return { folder, license, source: record?.source ?? `${model.repository}, from a folder`, consent };
}

/** Files that are only to be carried away need no room for an import. */
function roomToImport({ files }: PullPlan, { precision, filesOnly }: PullOptions): number {
  return filesOnly === true ? 0 : importBytes(Math.max(...files.map((file) => file.bytes)), precision);
}

/** What a person is asked to accept. */
interface Terms {
  readonly model: ModelCatalogEntry;
  readonly license: string;
  /** The model's page on the hub; null where it was not reached. */
  readonly page: string | null;
}

/** @throws {FigseekError} BAD_USER_INPUT where nobody accepted the terms */
async function askConsent(
  { model, license, page }: Terms,
  { acceptLicense }: PullOptions,
  listener: PullListener,
): Promise<LicenseAcceptance> {
  listener.tell(`License of ${model.name}: ${license}${page === null ? '' : ` (${page})`}`);
  listener.tell(model.intendedUse);
  const refused = `${model.name} was not pulled: its license and intended use were not accepted`;
  if (acceptLicense !== true) {
    if (listener.ask === null) throw new FigseekError('BAD_USER_INPUT', `${refused}; say so by --accept-license`);
    if (!(await listener.ask('Do you accept the license and the intended use?'))) {
      throw new FigseekError('BAD_USER_INPUT', refused);
    }
  }
  return { license, at: new Date().toISOString() };
}
