import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelRegistry } from '../model-packages/package-registry.js';
import { starterModel } from './active-model-name.js';
import { fileExists } from '../platform/file-exists.js';

/** The model that a first start offers to pull. */
export const offeredModel = 'biomedclip';

/** Whether a start is to offer the pull of a model: once, and only to who has none but the starter. */
export class FirstModelOffer {
  /** @param configured the package that the configuration makes active; null where it names none */
  constructor(
    private readonly registry: Pick<ModelRegistry, 'modelsDir' | 'list'>,
    private readonly configured: string | null,
  ) {}

  async isDue(): Promise<boolean> {
    return this.configured === null && !(await this.hasOwnModel()) && !(await this.wasRefused());
  }

  /** Keeps a no. Where the folder may not be written, it is asked again: no reason to keep a server from starting. */
  async refuse(): Promise<void> {
    await mkdir(path.dirname(this.refusal), { recursive: true }).catch(() => undefined);
    await writeFile(this.refusal, `${new Date().toISOString()}\n`).catch(() => undefined);
  }

  private get refusal(): string {
    return path.join(this.registry.modelsDir, '.downloads', 'offer-refused');
  }

  private async hasOwnModel(): Promise<boolean> {
    const packages = await this.registry.list();
    return packages.some(({ kind, name }) => kind === 'dual-encoder' && name !== starterModel);
  }

  private wasRefused(): Promise<boolean> {
    return fileExists(this.refusal);
  }
}
