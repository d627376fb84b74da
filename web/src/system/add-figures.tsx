import { useRef, useState } from 'preact/hooks';
import { messageOf } from '../shared/server';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { startIngest, startUploadedIngest } from './queries';
import { chosenFiles, droppedFiles, sendFiles, type ChosenFile, type Sending } from './send-files';

interface Props {
  /** Folders of the server's machine below which it may read. */
  readonly roots: readonly string[];
  /** An ingest has begun. */
  readonly onBegun: () => void;
}

/** Takes figures into the corpus: files of this machine, articles by their ids, folders of the server's machine. */
export function AddFigures({ roots, onBegun }: Props) {
  return (
    <section class="add-figures">
      <h2>{text.system.add.title}</h2>
      <SendFiles onBegun={onBegun} />
      <NamedSource roots={roots} onBegun={onBegun} />
    </section>
  );
}

type SendingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending'; readonly sent: Sending; readonly all: Sending; readonly stop: AbortController }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly files: readonly ChosenFile[];
      /** Where all of them are on the server, and only the ingest did not begin. */
      readonly uploadId: string | null;
    };

function SendFiles({ onBegun }: Pick<Props, 'onBegun'>) {
  const [state, setState] = useState<SendingState>({ kind: 'idle' });
  const [isOver, setOver] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  const send = (files: readonly ChosenFile[], sentBefore: string | null = null): void => {
    let uploadId = sentBefore;
    const stop = new AbortController();
    const all = { files: files.length, bytes: files.reduce((sum, { file }) => sum + file.size, 0) };
    const show = (sent: Sending): void => {
      setState({ kind: 'sending', sent, all, stop });
    };
    show({ files: 0, bytes: 0 });
    const begin = async (): Promise<void> => {
      uploadId ??= await sendFiles(files, show, stop.signal);
      const sourceName = name.current?.value.trim() ?? '';
      await startUploadedIngest(uploadId, sourceName === '' ? null : sourceName);
    };
    begin().then(
      () => {
        setState({ kind: 'idle' });
        onBegun();
      },
      (error: unknown) => {
        const failed = { kind: 'failed', message: messageOf(error), files, uploadId } as const;
        setState(stop.signal.aborted ? { kind: 'idle' } : failed);
      },
    );
  };
  const take = (input: HTMLInputElement): void => {
    const files = chosenFiles(input.files ?? []);
    // The same files can be chosen again.
    input.value = '';
    if (files.length > 0) send(files);
  };
  return (
    <div
      class={`drop-files ${isOver ? 'over' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => {
        setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        // Not an image to search by.
        event.stopPropagation();
        setOver(false);
        if (event.dataTransfer === null) return;
        droppedFiles(event.dataTransfer).then(
          (files) => {
            send(files);
          },
          (error: unknown) => {
            setState({ kind: 'failed', message: messageOf(error), files: [], uploadId: null });
          },
        );
      }}
    >
      {state.kind === 'sending' ? (
        <SendingProgress {...state} />
      ) : (
        <>
          <p>{text.system.add.hint}</p>
          <div class="add-fields">
            <FileField label={text.system.add.files} onTake={take} />
            <FileField label={text.system.add.folder} isFolder onTake={take} />
            <label>
              {text.system.add.name} <input ref={name} placeholder={text.system.add.nameHint} />
            </label>
          </div>
          {state.kind === 'failed' && (
            <p role="alert">
              {state.message}{' '}
              <button
                type="button"
                onClick={() => {
                  send(state.files, state.uploadId);
                }}
              >
                {text.system.add.again}
              </button>
            </p>
          )}
        </>
      )}
    </div>
  );
}

function SendingProgress({ sent, all, stop }: Extract<SendingState, { kind: 'sending' }>) {
  return (
    <p role="status">
      {text.system.add.sending(sent, all)}{' '}
      <progress aria-label={text.system.add.sending(sent, all)} value={sent.bytes} max={Math.max(1, all.bytes)} />{' '}
      <button
        type="button"
        onClick={() => {
          stop.abort();
        }}
      >
        {text.system.add.stop}
      </button>
    </p>
  );
}

interface FileFieldProps {
  readonly label: string;
  readonly isFolder?: boolean;
  readonly onTake: (input: HTMLInputElement) => void;
}

/** A field for files that looks like a button. */
function FileField({ label, isFolder = false, onTake }: FileFieldProps) {
  return (
    <label class="file-field">
      {label}
      <input
        type="file"
        multiple
        {...(isFolder ? { webkitdirectory: true } : {})}
        onChange={(event) => {
          onTake(event.currentTarget);
        }}
      />
    </label>
  );
}

/** What the server reads itself. */
function NamedSource({ roots, onBegun }: Props) {
  const { run, isWorking, problem } = useWork();
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="add-fields"
      onSubmit={(event) => {
        event.preventDefault();
        const source = field.current?.value.trim() ?? '';
        if (source === '') return;
        run(startIngest(toSource(source)), () => {
          if (field.current !== null) field.current.value = '';
          onBegun();
        });
      }}
    >
      <label>
        {text.system.add.named(roots.length > 0)} <input ref={field} placeholder={text.system.add.namedHint(roots)} />
      </label>
      <button disabled={isWorking}>{isWorking ? text.system.add.beginning : text.system.add.begin}</button>
      {problem !== null && <p role="alert">{problem}</p>}
    </form>
  );
}

/** An article may be named by its id alone. */
function toSource(given: string): string {
  return /^PMC\d+(?:\.\d+)?$/i.test(given) ? `pmc:${given.toUpperCase()}` : given;
}
