import { useWork } from '../shared/use-work';
import { text } from '../text';
import { cancelModelJob, type ModelJob } from './queries';

/** Jobs with model packages, the latest first. */
export function ModelJobs({ jobs, onChanged }: { readonly jobs: readonly ModelJob[]; readonly onChanged: () => void }) {
  return (
    <ul class="runs">
      {jobs.map((job) => (
        <JobItem key={job.id} job={job} onChanged={onChanged} />
      ))}
    </ul>
  );
}

function JobItem({ job, onChanged }: { readonly job: ModelJob; readonly onChanged: () => void }) {
  const { run, isWorking, problem } = useWork();
  const { id, state, step, notes, failure, checks, comparison } = job;
  return (
    <li>
      <p>
        <strong>{text.system.states[state]}</strong> {text.system.jobs.title(job)}
      </p>
      {state === 'RUNNING' && (
        <>
          <p class="quiet" role="status">
            {step === null ? text.system.jobs.beginning : text.system.jobs.step(step)}
          </p>
          <progress
            aria-label={text.system.jobs.title(job)}
            {...(step?.total == null ? {} : { value: step.done, max: Math.max(1, step.total) })}
          />{' '}
          <button
            type="button"
            disabled={isWorking}
            onClick={() => {
              run(cancelModelJob(id), onChanged);
            }}
          >
            {text.system.jobs.cancel}
          </button>
        </>
      )}
      {failure !== null && <p role="alert">{failure}</p>}
      {problem !== null && <p role="alert">{problem}</p>}
      {checks.length > 0 && (
        <ul class="checks">
          {checks.map(({ what, holds }) => (
            <li key={what} class={holds ? 'holds' : 'fails'}>
              {text.system.jobs.check(what, holds)}
            </li>
          ))}
        </ul>
      )}
      {comparison !== null && <Comparison job={job} comparison={comparison} />}
      {notes.length > 0 && (
        <details>
          <summary>{text.system.jobs.notes}</summary>
          {notes.map((note) => (
            <p key={note} class="quiet">
              {note}
            </p>
          ))}
        </details>
      )}
    </li>
  );
}

function Comparison({
  job,
  comparison,
}: {
  readonly job: ModelJob;
  readonly comparison: NonNullable<ModelJob['comparison']>;
}) {
  const rows = [
    [job.model, comparison.model],
    [job.against ?? '', comparison.against],
  ] as const;
  return (
    <>
      <table>
        <caption>{text.system.jobs.asked(comparison.captions)}</caption>
        <thead>
          <tr>
            {text.system.jobs.columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, { recallAt1, recallAt10 }]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{text.system.percent(recallAt1)}</td>
              <td>{text.system.percent(recallAt10)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{text.system.jobs.verdict(job, comparison)}</p>
    </>
  );
}
