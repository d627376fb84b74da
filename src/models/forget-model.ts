import { hostname } from 'node:os';
import { FigseekError, messageOf } from '../domain/errors.js';
import type { PackageManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { shippedPackages } from '../model-packages/shipped-packages.js';
import { isAlive } from '../platform/is-alive.js';
import type { Lease, SettingsStore } from '../ports/settings-store.js';
import type { EmbeddingStore } from '../ports/embedding-store.js';
import type { PanelClassStore } from '../ports/panel-class-store.js';
import { activeModelName } from './active-model-name.js';
import type { Advise } from '../domain/advise.js';
import type { Viewer } from '../domain/viewer.js';

/** Vectors of one model version that were deleted. */
export interface ForgottenVersion {
  readonly version: string;
  readonly vectors: number;
}

/** Where packages, settings, vectors and indexes are kept. */
export interface ForgetStores {
  readonly registry: Pick<ModelRegistry, 'modelsDir' | 'list' | 'listOwn' | 'manifest' | 'dualEncoder'>;
  readonly settings: Pick<SettingsStore, 'get' | 'activeLeases'>;
  readonly embeddings: Pick<EmbeddingStore, 'spaces' | 'deleteSpace'>;
  readonly classes: Pick<PanelClassStore, 'forgetSpace'>;
  /** Deletes the indexes that were built from the vectors of a version; absent ones are no error. */
  readonly deleteIndexes: (space: string) => Promise<void>;
}

/** What the configuration says of models. */
export interface ConfiguredModels {
  /** The package that it makes active; null where it names none. */
  readonly active: string | null;
  /** Whether a person named the folder of packages, who may have named a wrong one. */
  readonly isFolderNamed: boolean;
}

/** Deletes the vectors and indexes that a model package made; the package itself stays. */
export class ForgetModel {
  constructor(
    private readonly stores: ForgetStores,
    private readonly configured: ConfiguredModels,
    private readonly advise: Advise,
  ) {}

  /** @throws {FigseekError} MODEL_UNAVAILABLE where there is no such package; CONFLICT where its vectors are in use */
  async run(_viewer: Viewer, name: string): Promise<ForgottenVersion> {
    const { version } = await this.stores.registry.dualEncoder(name).catch((error: unknown) => {
      const fix = `“${this.advise('models forget --unused')}” forgets what is of no package`;
      throw new FigseekError('MODEL_UNAVAILABLE', `${messageOf(error)}; ${fix}`);
    });
    const reason = (await this.reasonsToKeep()).get(version);
    if (reason !== undefined) throw new FigseekError('CONFLICT', `${name} was not forgotten: ${reason}`);
    return this.forget(version);
  }

  /**
   * Deletes what was made by packages that are gone or were replaced, one version after the other.
   * @throws {FigseekError} CONFLICT where the active package is not there, or a named folder holds no package
   */
  async *runUnused(_viewer: Viewer): AsyncGenerator<ForgottenVersion> {
    const { registry, settings } = this.stores;
    const packages = await registry.list();
    const active = await activeModelName(this.configured.active, settings);
    await this.expectRightFolder(packages, active);
    const kept = new Set(packages.map(({ version }) => version));
    for (const version of (await this.reasonsToKeep()).keys()) kept.add(version);
    const unused = (await this.stores.embeddings.spaces()).filter((version) => !kept.has(version));
    for (const version of unused) yield await this.forget(version);
  }

  /**
   * A folder that is named by mistake would make the vectors of all packages unused. The packages that ship are found
   * beside every folder, so that finding them says nothing of a named folder: it has to hold a package of its own, the
   * active one where that does not ship.
   * @throws {FigseekError} CONFLICT where the active package is not there, or the named folder holds none
   */
  private async expectRightFolder(packages: readonly PackageManifest[], active: string): Promise<void> {
    const { registry } = this.stores;
    const own = this.configured.isFolderNamed ? await registry.listOwn() : packages;
    const found = shippedPackages.includes(active) ? packages : own;
    const isThere = found.some(({ name }) => name === active);
    if (isThere && own.length > 0) return;
    const lack = isThere ? 'holds no package' : `lacks ${active}, which is active`;
    const fix = `is FIGSEEK_MODELS the folder of your packages? Else “${this.advise('models use NAME')}” takes one that is there`;
    throw new FigseekError('CONFLICT', `Nothing was forgotten: ${registry.modelsDir} ${lack} (${fix})`);
  }

  /** @returns why the vectors of a version stay; packages of one version share them, whatever their names */
  private async reasonsToKeep(): Promise<ReadonlyMap<string, string>> {
    const reasons = new Map<string, string>();
    for (const version of await this.stores.settings.activeLeases(isGone)) {
      const fix = `a server follows “${this.advise('models use NAME')}” within seconds; else end it`;
      const who =
        'a running server or “models use” needs its vectors, or one on another machine that was killed within the last minute';
      reasons.set(version, `${who} (${fix})`);
    }
    for (const configured of [null, this.configured.active]) {
      const active = await activeModelName(configured, this.stores.settings);
      const manifest = await this.stores.registry.manifest(active).catch(() => null);
      if (manifest === null) continue;
      reasons.set(manifest.version, `${active} is active; “${this.advise('models use NAME')}” takes another one first`);
    }
    return reasons;
  }

  private async forget(version: string): Promise<ForgottenVersion> {
    const vectors = await this.stores.embeddings.deleteSpace(version);
    await this.stores.classes.forgetSpace(version);
    await this.stores.deleteIndexes(version);
    return { version, vectors };
  }
}

/** Whether the process of a lease has ended. It is not known of a process on another machine, whose lease expires. */
function isGone({ host, pid }: Lease): boolean {
  return host === hostname() && !isAlive(pid);
}
