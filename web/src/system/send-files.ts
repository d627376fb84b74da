import { AnswerError, messageOf } from '../shared/server';
import { text } from '../text';

/** A file with its path in what was chosen. */
export interface ChosenFile {
  readonly file: File;
  readonly name: string;
}

/** How far the sending of files is. */
export interface Sending {
  readonly files: number;
  readonly bytes: number;
}

/** Requests at a time. */
const concurrency = 3;

/** Files of the operating system are no part of what was chosen. */
function isOwn({ name }: ChosenFile): boolean {
  return !name
    .split('/')
    .some((part) => part === '' || part.startsWith('.') || part === '__MACOSX' || part === 'Thumbs.db');
}

/** Files as they were chosen in a field, by file or by folder. */
export function chosenFiles(files: Iterable<File>): readonly ChosenFile[] {
  return [...files]
    .map((file) => ({ file, name: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath }))
    .filter(isOwn);
}

/** Files and folders that were dropped, with all that lies in them. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly ChosenFile[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const found: ChosenFile[] = [];
  for (const entry of entries) for await (const one of filesIn(entry)) found.push(one);
  return found.filter(isOwn);
}

async function* filesIn(entry: FileSystemEntry): AsyncGenerator<ChosenFile> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    yield { file, name: entry.fullPath.replace(/^\//, '') };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // It gives some of the entries at each call, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (some.length === 0) return;
    for (const one of some) yield* filesIn(one);
  }
}

/**
 * Sends files to the server, some at once.
 * @returns the id of the upload
 * @throws {AnswerError} saying which file was not taken, and why; nothing more is sent then
 */
export async function sendFiles(
  files: readonly ChosenFile[],
  onProgress: (sent: Sending) => void,
  signal: AbortSignal,
): Promise<string> {
  const [first, ...others] = files;
  if (first === undefined) throw new AnswerError(text.system.add.nothing);
  const sent = { files: 0, bytes: 0 };
  let hasFailed = false;
  const send = async (chosen: ChosenFile, uploadId: string | null): Promise<string> => {
    const id = await sendOne(chosen, uploadId, signal).catch((error: unknown) => {
      hasFailed = true;
      throw error;
    });
    sent.files += 1;
    sent.bytes += chosen.file.size;
    // Those that were under way when another one failed end later.
    if (!hasFailed) onProgress({ ...sent });
    return id;
  };
  const uploadId = await send(first, null);
  const waiting = others.values();
  const worker = async (): Promise<void> => {
    for (const chosen of waiting) {
      if (hasFailed) return;
      await send(chosen, uploadId);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return uploadId;
}

async function sendOne({ file, name }: ChosenFile, uploadId: string | null, signal: AbortSignal): Promise<string> {
  const query = new URLSearchParams({ name, ...(uploadId === null ? {} : { upload: uploadId }) });
  const told = (reason: string): AnswerError => new AnswerError(text.system.add.notTaken(name, reason));
  const answer = await fetch(`/ingest-uploads?${query.toString()}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: file,
    signal,
  })
    .then(async (response) => (await response.json()) as { uploadId?: string; error?: { message: string } })
    .catch((error: unknown) => {
      throw told(messageOf(error));
    });
  if (answer.uploadId === undefined) throw told(answer.error?.message ?? text.system.add.noAnswer);
  return answer.uploadId;
}
