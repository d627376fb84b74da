import { AnswerError, messageOf, reach } from '../shared/server';
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

const atOnce = 3;

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

/** Files that lie on the server. */
export interface Sent {
  readonly uploadId: string;
  /** Of each file whose name the server does not take: which one, and why. */
  readonly refused: readonly string[];
}

/**
 * Sends files to the server, some at once.
 * @throws {AnswerError} saying which file was not taken, and why, where no other could be either; nothing more is sent then
 */
export async function sendFiles(
  files: readonly ChosenFile[],
  onProgress: (sent: Sending) => void,
  signal: AbortSignal,
): Promise<Sent> {
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  const sent = { files: 0, bytes: 0 };
  const refused: string[] = [];
  const send = async (chosen: ChosenFile, uploadId: string | null): Promise<string | null> => {
    let id = uploadId;
    try {
      id = await sendOne(chosen, uploadId, ended);
    } catch (error) {
      if (!(error instanceof AnswerError && error.code === 'BAD_USER_INPUT')) throw error;
      refused.push(error.message);
    }
    sent.files += 1;
    sent.bytes += chosen.file.size;
    onProgress({ ...sent });
    return id;
  };
  const waiting = [...files];
  let uploadId: string | null = null;
  // The first one that is taken begins the upload.
  for (let first = waiting.shift(); first !== undefined; first = uploadId === null ? waiting.shift() : undefined) {
    uploadId = await send(first, null);
  }
  if (uploadId === null) throw new AnswerError(refused[0] ?? text.system.add.nothing);
  const rest = waiting.values();
  const worker = async (): Promise<void> => {
    for (const chosen of rest) await send(chosen, uploadId);
  };
  try {
    await Promise.all(Array.from({ length: atOnce }, worker));
  } catch (error) {
    // The others would go on with the files that wait.
    failed.abort();
    throw error;
  }
  return { uploadId, refused };
}

/** The server takes some uploads at once, of all tabs together: one that was not admitted is sent again after so many ms. */
const waitMs = [1000, 2000, 4000, 8000, 15_000];

async function sendOne(chosen: ChosenFile, uploadId: string | null, signal: AbortSignal): Promise<string> {
  const told = (reason: string, code: string | null = null): AnswerError =>
    new AnswerError(text.system.add.notTaken(chosen.name, reason), code);
  for (const ms of [...waitMs, null]) {
    const { uploadId: id, error } = await post(chosen, uploadId, signal).catch((cause: unknown) => {
      throw told(messageOf(cause));
    });
    if (id !== undefined) return id;
    if (error?.code !== 'RATE_LIMITED' || ms === null)
      throw told(error?.message ?? text.system.add.noAnswer, error?.code);
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  throw told(text.system.add.noAnswer);
}

interface Received {
  readonly uploadId?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

function post({ file, name }: ChosenFile, uploadId: string | null, signal: AbortSignal): Promise<Received> {
  const query = new URLSearchParams({ name, ...(uploadId === null ? {} : { upload: uploadId }) });
  const request = { method: 'POST', headers: { 'Content-Type': 'application/octet-stream' }, body: file, signal };
  return reach(`/ingest-uploads?${query.toString()}`, request, (response) => response.json() as Promise<Received>);
}
