import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Viewer } from '../domain/viewer.js';
import { cachedPromise } from '../platform/cached-promise.js';
import { folderSize, type FolderSize } from '../platform/folder-size.js';

/** It changes slowly, and to look at many files takes a while. */
const keptMs = 60_000;

/** What a part of the data takes on the disk. */
export interface StoragePart extends FolderSize {
  readonly name: 'DATABASE' | 'IMAGES' | 'INDEXES' | 'MODELS' | 'UPLOADS';
}

export interface Storage {
  /** The data folder. */
  readonly folder: string;
  readonly parts: readonly StoragePart[];
  /** What is free on the disk of the data folder. */
  readonly freeBytes: number;
}

/** The folders of an installation. */
export interface StorageFolders {
  readonly data: string;
  readonly indexes: string;
  readonly models: string;
}

/** How much of the disk each part of the data takes, and what is left. */
export class StorageOverview {
  private readonly kept = new LRUCache<string, Promise<Storage>>({ max: 1, ttl: keptMs });

  constructor(private readonly folders: StorageFolders) {}

  /** As it was within the last minute. */
  storage(_viewer: Viewer): Promise<Storage> {
    return cachedPromise(this.kept, 'storage', () => this.measure());
  }

  private async measure(): Promise<Storage> {
    const { data, indexes, models } = this.folders;
    const inData = (name: string): string => path.join(data, name);
    const part = async (name: StoragePart['name'], ...folders: readonly string[]): Promise<StoragePart> => {
      const sizes = await Promise.all(folders.map((folder) => folderSize(folder)));
      const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
      return { name, bytes, isEstimate: sizes.some(({ isEstimate }) => isEstimate) };
    };
    const { bavail, bsize } = await statfs(data);
    return {
      folder: data,
      freeBytes: bavail * bsize,
      parts: await Promise.all([
        this.database(),
        part('IMAGES', inData('images'), inData('thumbnails')),
        part('INDEXES', indexes),
        part('MODELS', models),
        part('UPLOADS', inData('uploads'), inData('ingest-uploads')),
      ]),
    };
  }

  /** Its files stand in the data folder itself. */
  private async database(): Promise<StoragePart> {
    const { bytes } = await folderSize(this.folders.data, { below: false });
    return { name: 'DATABASE', bytes, isEstimate: false };
  }
}
