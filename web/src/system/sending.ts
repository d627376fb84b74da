import { useEffect, useState } from 'preact/hooks';
import { AnswerError, messageOf } from '../shared/server';
import { startUploadedIngest } from './queries';
import { sendFiles, type ChosenFile, type Sending, type Sent } from './send-files';

/** What is to be sent, and under which name it is ingested. */
export interface Parcel {
  readonly files: readonly ChosenFile[];
  /** Null: a source of its own. */
  readonly sourceName: string | null;
  /** Where it was sent and the ingest did not begin. */
  readonly sent: Sent | null;
}

/** The sending of files to the server, and how it ended. */
export type SendingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly parcel: Parcel; readonly sent: Sending; readonly all: Sending }
  /** Without a parcel there is nothing that could be sent again. */
  | { readonly kind: 'failed'; readonly message: string; readonly parcel: Parcel | null }
  | { readonly kind: 'begun'; readonly refused: readonly string[] };

let current: SendingState = { kind: 'idle' };
let stop = new AbortController();
const listeners = new Set<(state: SendingState) => void>();

function holdTab(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

function set(state: SendingState): void {
  current = state;
  // The browser would end what is being sent without a word.
  if (state.kind === 'sending') addEventListener('beforeunload', holdTab);
  else removeEventListener('beforeunload', holdTab);
  for (const listener of listeners) listener(state);
}

/** The sending goes on while other parts of the page are shown: it belongs to the tab. */
export function useSending(): SendingState {
  const [state, setState] = useState(current);
  useEffect(() => {
    listeners.add(setState);
    setState(current);
    return () => {
      listeners.delete(setState);
    };
  }, []);
  return state;
}

/** Tells that files could not be read. */
export function tellNotRead(error: unknown): void {
  set({ kind: 'failed', message: messageOf(error), parcel: null });
}

/** Sends files, and has them ingested. Does nothing while others are being sent. */
export async function send(parcel: Parcel): Promise<void> {
  if (current.kind === 'sending') return;
  const { signal } = (stop = new AbortController());
  const { files, sourceName } = parcel;
  const all = { files: files.length, bytes: files.reduce((sum, { file }) => sum + file.size, 0) };
  const show = (sent: Sending): void => {
    if (!signal.aborted) set({ kind: 'sending', parcel, sent, all });
  };
  let { sent } = parcel;
  show(sent === null ? { files: 0, bytes: 0 } : all);
  try {
    sent ??= await sendFiles(files, show, signal);
    signal.throwIfAborted();
    await startUploadedIngest(sent.uploadId, sourceName);
    set({ kind: 'begun', refused: sent.refused });
  } catch (error) {
    // The server keeps what was sent for a while only.
    if (error instanceof AnswerError && error.code === 'NOT_FOUND') sent = null;
    if (signal.aborted) set({ kind: 'idle' });
    else set({ kind: 'failed', message: messageOf(error), parcel: { ...parcel, sent } });
  }
}

/** Ends the sending: nothing of it is ingested. */
export function stopSending(): void {
  stop.abort();
}
