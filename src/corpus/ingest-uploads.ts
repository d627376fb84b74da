import type { Viewer } from '../domain/viewer.js';

/** A file that was received. */
export interface ReceivedFile {
  readonly uploadId: string;
  readonly name: string;
  readonly bytes: number;
}

/** Where files lie that people send to be taken into the corpus. */
export interface IngestUploadFiles {
  /** @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND, CONFLICT, INSUFFICIENT_STORAGE */
  receive(uploadId: string | null, name: string, content: AsyncIterable<Uint8Array>): Promise<ReceivedFile>;
  /** What an ingest reads of an upload. @throws {FigseekError} NOT_FOUND */
  sourceOf(uploadId: string): Promise<string>;
  /** The upload that a path lies in; null where it is of none, or not there any more. */
  idOf(source: string): Promise<string | null>;
  /** From now on it is not deleted, until it is released as often as it was held. */
  hold(uploadId: string): void;
  release(uploadId: string): Promise<void>;
  /** Deletes it, unless something else uses it. */
  remove(uploadId: string): Promise<void>;
}

/** Files that people send to be taken into the corpus. */
export class IngestUploads {
  constructor(private readonly files: Pick<IngestUploadFiles, 'receive'>) {}

  /**
   * Keeps a file until its upload is ingested, or for a while.
   * @param file `uploadId`: of an upload that an earlier file began; null begins one. `name`: path in the upload
   * @throws {FigseekError} BAD_USER_INPUT, NOT_FOUND, CONFLICT, INSUFFICIENT_STORAGE
   */
  receive(
    _viewer: Viewer,
    { uploadId, name }: { readonly uploadId: string | null; readonly name: string },
    content: AsyncIterable<Uint8Array>,
  ): Promise<ReceivedFile> {
    return this.files.receive(uploadId, name, content);
  }
}
