import { useEffect, useRef, useState } from 'preact/hooks';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { startIngest } from './queries';
import { chosenFiles, droppedFiles, type ChosenFile } from './send-files';
import { send, stopSending, tellNotRead, useSending, type Parcel, type SendingState } from './sending';

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

function SendFiles({ onBegun }: Pick<Props, 'onBegun'>) {
  const state = useSending();
  const [isOver, setOver] = useState(false);
  const [name, setName] = useState(() => ('parcel' in state ? (state.parcel?.sourceName ?? '') : ''));
  const { kind } = state;
  const parcel = state.kind === 'failed' ? state.parcel : null;
  const lastKind = useRef(kind);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What had the focus may have gone with the fields.
    if (kind !== lastKind.current && document.activeElement === document.body) {
      box.current?.focus({ preventScroll: true });
    }
    if (kind === 'begun' && lastKind.current === 'sending') {
      setName('');
      onBegun();
    }
    lastKind.current = kind;
  }, [kind]);
  const begin = (files: readonly ChosenFile[], sent: Parcel['sent'] = null): void => {
    void send({ files, sourceName: name.trim() === '' ? null : name.trim(), sent });
  };
  const take = (input: HTMLInputElement): void => {
    const isChosen = (input.files?.length ?? 0) > 0;
    const files = chosenFiles(input.files ?? []);
    // The same files can be chosen again.
    input.value = '';
    if (isChosen) begin(files);
  };
  return (
    <div
      ref={box}
      role="group"
      aria-label={text.system.add.title}
      tabIndex={-1}
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
        if (event.dataTransfer !== null)
          droppedFiles(event.dataTransfer).then((files) => {
            begin(files);
          }, tellNotRead);
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
              {text.system.add.name}{' '}
              <input
                value={name}
                placeholder={text.system.add.nameHint}
                onInput={(event) => {
                  setName(event.currentTarget.value);
                }}
              />
            </label>
          </div>
          {state.kind === 'begun' && state.refused.length > 0 && <Refused refused={state.refused} />}
          {state.kind === 'failed' && (
            <p role="alert">
              {state.message}{' '}
              {parcel !== null && parcel.files.length > 0 && (
                <button
                  type="button"
                  onClick={() => {
                    begin(parcel.files, parcel.sent);
                  }}
                >
                  {parcel.sent === null ? text.system.add.again : text.app.tryAgain}
                </button>
              )}
            </p>
          )}
        </>
      )}
    </div>
  );
}

const refusedShown = 5;

/** Files that were left out, as their names cannot be taken. */
function Refused({ refused }: { readonly refused: readonly string[] }) {
  return (
    <div role="alert">
      <p>{text.system.add.leftOut(refused.length)}</p>
      <ul>
        {refused.slice(0, refusedShown).map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      {refused.length > refusedShown && <p>{text.system.add.others(refused.length - refusedShown)}</p>}
    </div>
  );
}

function SendingProgress({ sent, all }: Extract<SendingState, { kind: 'sending' }>) {
  return (
    <p role="status">
      {text.system.add.sending(sent, all)}{' '}
      <progress aria-label={text.system.add.sending(sent, all)} value={sent.bytes} max={Math.max(1, all.bytes)} />{' '}
      <button type="button" onClick={stopSending}>
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
