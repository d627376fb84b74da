import { FigseekError } from '../domain/errors.js';
import type { Viewer } from '../domain/viewer.js';
import type { SourceStore } from '../ports/source-store.js';
import type { FigureEditor } from './figure-editor.js';

/** The records that a source is made of. */
interface NamedRecords {
  readonly source: string;
  readonly keys: readonly string[];
}

/** Takes the drawn sample figures out again. */
export class SampleRemoval {
  /** @param samples tells which records are samples */
  constructor(
    private readonly samples: () => NamedRecords,
    private readonly sources: Pick<SourceStore, 'idsOfSource'>,
    private readonly editor: Pick<FigureEditor, 'delete'>,
  ) {}

  /** How many sample figures there are. */
  async count(viewer: Viewer): Promise<number> {
    return (await this.ids(viewer)).length;
  }

  /** Deletes the samples; the next start does not draw them again. @returns how many there were */
  async removeAll(viewer: Viewer): Promise<number> {
    const ids = await this.ids(viewer);
    for (const id of ids) await this.delete(viewer, id);
    return ids.length;
  }

  /** What somebody else deletes meanwhile is gone as well. */
  private async delete(viewer: Viewer, id: string): Promise<void> {
    try {
      await this.editor.delete(viewer, id);
    } catch (error) {
      if (!(error instanceof FigseekError && error.code === 'NOT_FOUND')) throw error;
    }
  }

  private ids(_viewer: Viewer) {
    const { source, keys } = this.samples();
    return this.sources.idsOfSource(source, keys);
  }
}
