import './system.css';
import { AddFigures } from './add-figures';
import { usePoll } from '../shared/poll';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { Models } from './models';
import { removeSamples, runs, system, type Run, type System } from './queries';
import { Runs } from './runs';
import { Storage } from './storage';

const runsShown = 20;
const busyMs = 1000;
const idleMs = 10_000;

/** What runs: ingest runs with their faults, models, the index. */
export function SystemView() {
  const state = usePoll(
    async (signal) => ({ runs: await runs(runsShown, signal), system: await system(signal) }),
    (answer) => (isBusy(answer) ? busyMs : idleMs),
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
          <AddFigures roots={data.system.ingestRoots} onBegun={state.refresh} />
          <Runs runs={data.runs} onChanged={state.refresh} />
          <Models system={data.system} onChanged={state.refresh} />
          <Storage storage={data.system.storage} />
        </>
      )}
    </main>
  );
}

function isBusy(answer: { readonly runs: readonly Run[]; readonly system: System } | null): boolean {
  const states = [...(answer?.runs ?? []), ...(answer?.system.modelJobs ?? [])].map(({ state }) => state);
  return states.includes('RUNNING');
}

type Stats = System['stats'];

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
