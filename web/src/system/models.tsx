import { useState } from 'preact/hooks';
import type { ModelPrecision } from '../generated/operations';
import { useWork } from '../shared/use-work';
import { text } from '../text';
import { ModelJobs } from './model-jobs';
import {
  activateModel,
  compareModels,
  pullModel,
  verifyModel,
  type KnownModel,
  type Model,
  type System,
} from './queries';

type Act = (work: Promise<void>) => void;

/** Model packages that are there, those that can be fetched, and what is being done with them. */
export function Models({ system, onChanged }: { readonly system: System; readonly onChanged: () => void }) {
  const { run, isWorking, problem } = useWork();
  const { models, modelJobs, knownModels } = system;
  const isBusy = isWorking || modelJobs.some(({ state }) => state === 'RUNNING');
  const act: Act = (work) => {
    run(work, onChanged);
  };
  return (
    <section>
      <h2>{text.system.models}</h2>
      <ul class="runs">
        {models.map((model) => (
          <ModelItem key={`${model.kind} ${model.name} ${model.version}`} {...{ model, models, isBusy, act }} />
        ))}
      </ul>
      {problem !== null && <p role="alert">{problem}</p>}
      <ModelJobs jobs={modelJobs} onChanged={onChanged} />
      {knownModels.map((model) => (
        <Pullable key={model.name} {...{ model, isBusy, act }} />
      ))}
    </section>
  );
}

interface ItemProps {
  readonly model: Model;
  readonly models: readonly Model[];
  readonly isBusy: boolean;
  readonly act: Act;
}

function ModelItem({ model, models, isBusy, act }: ItemProps) {
  const { name, kind, version, active, provider, precision, license, warning } = model;
  return (
    <li class="model" aria-label={name}>
      <p>
        <strong>{name}</strong> {text.system.kinds(kind)} {active && <em>{text.system.active}</em>}
      </p>
      <p class="quiet">
        {[provider, precision, license].filter(Boolean).join(' · ')} ·{' '}
        <span title={version}>{text.system.version(version)}</span>
      </p>
      {warning != null && <p class="quiet">{warning}</p>}
      <div class="add-fields">
        <button
          type="button"
          disabled={isBusy}
          aria-label={text.system.jobs.verifyNamed(name)}
          onClick={() => {
            act(verifyModel(name));
          }}
        >
          {text.system.jobs.verify}
        </button>
        {!active && kind !== 'segmenter' && <UseModel {...{ name, isBusy, act }} />}
        {kind === 'dual-encoder' && <Compare {...{ model, models, isBusy, act }} />}
      </div>
    </li>
  );
}

function UseModel({ name, isBusy, act }: { readonly name: string } & Pick<ItemProps, 'isBusy' | 'act'>) {
  return (
    <button
      type="button"
      disabled={isBusy}
      aria-label={text.system.jobs.useNamed(name)}
      onClick={() => {
        act(activateModel(name, false));
      }}
    >
      {text.system.jobs.use}
    </button>
  );
}

/** Against which other model. */
function Compare({ model, models, isBusy, act }: ItemProps) {
  const others = models.filter(({ kind, version }) => kind === 'dual-encoder' && version !== model.version);
  if (others.length === 0) return null;
  return (
    <label>
      <span class="visually-hidden">{text.system.jobs.compareNamed(model.name)}</span>
      <select
        disabled={isBusy}
        value=""
        onChange={(event) => {
          const { value } = event.currentTarget;
          event.currentTarget.value = '';
          if (value !== '') act(compareModels(model.name, value));
        }}
      >
        <option value="">{text.system.jobs.compare}</option>
        {others.map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const precisions: readonly ModelPrecision[] = ['FP32', 'FP16_WEIGHTS', 'FP16', 'INT8'];

/** A model that can be fetched, with the terms that a person has to accept first. */
function Pullable({ model, isBusy, act }: { readonly model: KnownModel } & Pick<ItemProps, 'isBusy' | 'act'>) {
  const [accepts, setAccepts] = useState(false);
  const [precision, setPrecision] = useState<ModelPrecision>('FP32');
  const { name, kind, license, intendedUse, isGated } = model;
  return (
    <details class="pullable">
      <summary>{text.system.jobs.pullable(name, text.system.kinds(kind))}</summary>
      <p>{intendedUse}</p>
      <p>{text.system.jobs.license(license)}</p>
      {isGated && <p>{text.system.jobs.gated}</p>}
      <p>
        <label>
          <input
            type="checkbox"
            checked={accepts}
            onChange={(event) => {
              setAccepts(event.currentTarget.checked);
            }}
          />{' '}
          {text.system.jobs.accept}
        </label>
      </p>
      <div class="add-fields">
        <label>
          {text.system.jobs.precision}{' '}
          <select
            value={precision}
            onChange={({ currentTarget: { value } }) => {
              setPrecision(precisions.find((one) => one === value) ?? 'FP32');
            }}
          >
            {precisions.map((one) => (
              <option key={one} value={one}>
                {text.system.jobs.precisions[one]}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          disabled={!accepts || isBusy}
          onClick={() => {
            act(pullModel(name, precision));
          }}
        >
          {text.system.jobs.pull(name)}
        </button>
      </div>
    </details>
  );
}
