import { useState } from 'preact/hooks';
import { usePages } from '../shared/pages';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { cancelRun, faults, retryRun, type Fault, type FaultPage, type Run } from './queries';
import { TableHead } from './table-head';

/** Ingest runs, the latest first, with their progress and their faults. */
export function Runs({ runs: all, onChanged }: { readonly runs: readonly Run[]; readonly onChanged: () => void }) {
  return (
    <section>
      <h2>{text.system.runs}</h2>
      {all.length === 0 && <p class="quiet">{text.system.noRuns}</p>}
      <ul class="runs">
        {all.map((run) => (
          <RunItem key={run.id} run={run} onChanged={onChanged} />
        ))}
      </ul>
    </section>
  );
}

function RunItem({ run, onChanged }: { readonly run: Run; readonly onChanged: () => void }) {
  const work = useWork();
  const [isShown, setShown] = useState(false);
  const { state, read, total, failure, rejected, isRetryable } = run;
  return (
    <li>
      <p>
        <strong>{text.system.states[state]}</strong> <code title={run.source}>{text.system.sourceOf(run.source)}</code>
      </p>
      {state === 'RUNNING' && (
        <progress
          aria-label={text.system.states[state]}
          {...(total === null ? {} : { value: read, max: Math.max(1, total) })}
        />
      )}
      <p class="quiet">
        {text.system.counts(run)}
        {state === 'RUNNING' &&
          run.figuresPerSecond !== null &&
          text.system.speed(run.figuresPerSecond, run.etaSeconds)}
        {' · '}
        <time dateTime={run.startedAt}>{new Date(run.startedAt).toLocaleString()}</time>
      </p>
      {failure !== null && <p role="alert">{failure}</p>}
      {work.problem !== null && <p role="alert">{work.problem}</p>}
      {state === 'RUNNING' && (
        <button
          type="button"
          onClick={() => {
            work.run(cancelRun(run.id), onChanged);
          }}
        >
          {text.system.cancel}
        </button>
      )}
      {state !== 'RUNNING' && isRetryable && (state !== 'DONE' || rejected > 0) && (
        <button
          type="button"
          disabled={work.isWorking}
          onClick={() => {
            work.run(retryRun(run.id), onChanged);
          }}
        >
          {work.isWorking ? text.system.add.beginning : text.system.again}
        </button>
      )}
      {rejected > 0 && (
        <details
          onToggle={(event) => {
            setShown(event.currentTarget.open);
          }}
        >
          <summary>{text.system.faults(rejected)}</summary>
          {isShown && <Faults run={run} />}
        </details>
      )}
    </li>
  );
}

/** Records that could not be taken, each with its reason, and how to try them again. */
function Faults({ run }: { readonly run: Run }) {
  const pages = usePages<Fault, FaultPage>({
    key: `faults ${run.id}`,
    load: (after, signal) => faults(run.id, after, signal),
    idOf: ({ sourceKey, code }) => `${sourceKey} ${code}`,
    isKept: false,
  });
  return (
    <>
      {!run.isRetryable && (
        <p class="quiet">
          {text.system.retry} <code>npx figseek ingest {run.source}</code>
        </p>
      )}
      <table>
        <TableHead columns={text.system.faultColumns} />
        <tbody>
          {pages.nodes.map(({ sourceKey, code, message }) => (
            <tr key={`${sourceKey} ${code}`}>
              <td>{sourceKey}</td>
              <td>
                <code>{code}</code>
              </td>
              <td>{message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pages.message !== null && <p role="alert">{pages.message}</p>}
      {pages.hasMore && (
        <button type="button" onClick={pages.more}>
          {text.system.more}
        </button>
      )}
    </>
  );
}
