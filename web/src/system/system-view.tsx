import './system.css';
import { useState } from 'preact/hooks';
import { usePages } from '../shared/pages';
import { usePoll } from '../shared/poll';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import {
  cancelRun,
  faults,
  removeSamples,
  runs,
  system,
  type Fault,
  type FaultPage,
  type Model,
  type Run,
} from './queries';

const runsShown = 20;
const busyMs = 1000;
const idleMs = 10_000;

/** What runs: ingest runs with their faults, models, the index. */
export function SystemView() {
  const state = usePoll(
    async (signal) => ({ runs: await runs(runsShown, signal), system: await system(signal) }),
    (answer) => (answer?.runs.some(({ state: one }) => one === 'RUNNING') === true ? busyMs : idleMs),
  );
  const { data, problem } = state;
  return (
    <main class="system" id="content" tabIndex={-1}>
      <h1>{text.app.sections.system}</h1>
      {problem !== null && <p role="alert">{problem}</p>}
      {data !== null && (
        <>
          <Overview stats={data.system.stats} />
          {data.system.sampleFigures > 0 && <Samples number={data.system.sampleFigures} onRemoved={state.refresh} />}
          <Runs runs={data.runs} onChanged={state.refresh} />
          <Models models={data.system.models} />
        </>
      )}
    </main>
  );
}

type Stats = Awaited<ReturnType<typeof system>>['stats'];

function Overview({ stats }: { readonly stats: Stats }) {
  const rows: readonly (readonly [string, string | number])[] = [
    [text.system.figures, stats.figures],
    [text.system.articles, stats.articles],
    [text.system.panels, stats.panels],
    [text.system.indexed, text.system.indexedOf(stats.indexedPanels, stats.panels)],
    [text.system.masks, stats.masks],
    [text.system.model, stats.model ?? '–'],
    [text.system.generation, stats.generation ?? '–'],
  ];
  return (
    <section>
      <h2>{text.system.overview}</h2>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** The drawn samples, which are of no use beside figures of one's own. */
function Samples({ number, onRemoved }: { readonly number: number; readonly onRemoved: () => void }) {
  const { run, isWorking, problem } = useWork();
  return (
    <p>
      {text.system.samples(number)}{' '}
      <button
        type="button"
        disabled={isWorking}
        onClick={() => {
          run(removeSamples(), onRemoved);
        }}
      >
        {isWorking ? text.system.removing : text.system.removeSamples}
      </button>
      {problem !== null && <span role="alert"> {problem}</span>}
    </p>
  );
}

function Runs({ runs: all, onChanged }: { readonly runs: readonly Run[]; readonly onChanged: () => void }) {
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
  const cancelling = useWork();
  const [isShown, setShown] = useState(false);
  const { state, read, total, failure, rejected } = run;
  return (
    <li>
      <p>
        <strong>{text.system.states[state]}</strong> <code>{run.source}</code>
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
      {cancelling.problem !== null && <p role="alert">{cancelling.problem}</p>}
      {state === 'RUNNING' && (
        <button
          type="button"
          onClick={() => {
            cancelling.run(cancelRun(run.id), onChanged);
          }}
        >
          {text.system.cancel}
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
      <p class="quiet">
        {text.system.retry} <code>npx figseek ingest {run.source}</code>
      </p>
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

function Models({ models }: { readonly models: readonly Model[] }) {
  return (
    <section>
      <h2>{text.system.models}</h2>
      <table>
        <TableHead columns={text.system.modelColumns} />
        <tbody>
          {models.map((model) => (
            <tr key={`${model.kind} ${model.name} ${model.version}`}>
              <td>
                {model.name} {model.active && <strong>{text.system.active}</strong>}
              </td>
              <td>{model.kind}</td>
              <td title={model.version}>{model.version.slice(0, 12)}</td>
              <td>{[model.provider, model.precision].filter(Boolean).join(', ')}</td>
              <td>{model.license}</td>
              <td>{model.warning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function TableHead({ columns }: { readonly columns: readonly string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}
