import { knownModels, type ModelCatalogEntry } from '../model-hub/model-catalog.js';
import type { PackageManifest } from '../model-packages/package-manifest.js';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import type { Viewer } from '../domain/viewer.js';

export interface ModelList {
  /** Packages that can be read, by name. */
  readonly packages: readonly PackageManifest[];
  /** Name of the package that serves; it may be one that is not there. */
  readonly active: string;
  /** Name of the package that finds panels; null where rules do. */
  readonly activeDetector: string | null;
  /** Models that can be pulled and of which no package is there. */
  readonly pullable: readonly ModelCatalogEntry[];
}

/** Which model packages there are, which one serves, and which others can be pulled. */
export class ListModels {
  /**
   * @param activeName name of the package that serves
   * @param detectorName name of the package that finds panels; null where rules do
   */
  constructor(
    private readonly registry: Pick<ModelRegistry, 'list'>,
    private readonly activeName: () => Promise<string>,
    private readonly detectorName: () => Promise<string | null>,
  ) {}

  async run(_viewer: Viewer): Promise<ModelList> {
    const packages = await this.registry.list();
    const isHere = ({ name, repository }: ModelCatalogEntry): boolean =>
      packages.some((one) => one.name === name || one.source.startsWith(repository));
    return {
      packages,
      active: await this.activeName(),
      activeDetector: await this.detectorName(),
      pullable: knownModels.filter((model) => !isHere(model)),
    };
  }
}
