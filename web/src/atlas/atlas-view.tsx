import './atlas.css';
import type { ComponentChildren } from 'preact';
import type { FigureFilter } from '../generated/operations';
import { addressOf, start, type PlaceTerm } from '../place';
import { useLoading } from '../shared/load';
import { usePoll } from '../shared/poll';
import { useWork } from '../shared/use-work';
import { atlasText } from './atlas-text';
import { MapBoard } from './map-board';
import {
  atlasPoints,
  atlasStatus,
  bestHits,
  cancelAtlas,
  makeAtlas,
  type AtlasSearch,
  type AtlasStatus,
} from './queries';

interface AtlasViewProps {
  readonly collectionId: string | null;
  readonly filter: FigureFilter | null;
  /** A search whose best hits stand out; null: none. */
  readonly search: AtlasSearch | null;
  readonly onOpen: (figureId: string) => void;
  /** From a part of the map to all of it. */
  readonly onShowAll: () => void;
  /** From the hits of a search to their list. */
  readonly onShowResults: () => void;
  /** Searches with figures. */
  readonly onUse: (terms: readonly PlaceTerm[]) => void;
}

const busyMs = 700;
const idleMs = 15_000;

/** The map of the corpus, of a collection, or of what a filter allows; with the hits of a search, where one is given. */
export function AtlasView(props: AtlasViewProps) {
  const { collectionId, filter, search, onOpen, onShowAll, onShowResults, onUse } = props;
  const {
    data: status,
    problem,
    refresh,
  } = usePoll(
    (signal) => atlasStatus({ collectionId, filter }, signal),
    (answer) => (answer?.state === 'RUNNING' ? busyMs : idleMs),
  );
  const hasMap = status !== null && status.generation !== '';
  const address = hasMap ? status.pointsUrl : null;
  const key = address === null ? null : `${address} ${status?.generation ?? ''}`;
  const points = useLoading(key, (signal) => atlasPoints(address ?? '', signal), { keepWhile: address ?? '' });
  const hits = useLoading(search === null ? null : JSON.stringify(search), (signal) =>
    search === null ? Promise.resolve([]) : bestHits(search, signal),
  );
  return (
    <main class="atlas" id="content" tabIndex={-1}>
      {hits.state === 'failed' && <p role="alert">{hits.message}</p>}
      {hits.state === 'loading' && <p class="quiet">{atlasText.searching}</p>}
      {problem !== null && <p role="alert">{problem}</p>}
      {status === null && problem === null && <p class="quiet">{atlasText.loading}</p>}
      {status !== null && !hasMap && <NoMap status={status} onChanged={refresh} />}
      {hasMap && points.state === 'failed' && <p role="alert">{points.message}</p>}
      {hasMap && points.state === 'ready' && points.data === null && <NoCollection onShowAll={onShowAll} />}
      {hasMap && points.state === 'loading' && <p class="quiet">{atlasText.loading}</p>}
      {hasMap && points.state === 'ready' && points.data !== null && (
        <MapBoard
          points={points.data}
          name={`${address ?? ''} ${points.data.generation} ${points.data.count}`}
          hits={hits.state === 'ready' ? hits.data : null}
          onOpen={onOpen}
          onUse={onUse}
          onShowAll={collectionId === null && filter === null && search === null ? null : onShowAll}
          onShowResults={search === null ? null : onShowResults}
        >
          <Remake status={status} onChanged={refresh} />
        </MapBoard>
      )}
    </main>
  );
}

function NoCollection({ onShowAll }: Pick<AtlasViewProps, 'onShowAll'>) {
  return (
    <section class="atlas-empty">
      <h1>{atlasText.noCollection}</h1>
      <div class="inline">
        <button type="button" class="primary" onClick={onShowAll}>
          {atlasText.showAll}
        </button>
        <a class="button" href={addressOf({ ...start, section: 'collections' })}>
          {atlasText.collections}
        </a>
      </div>
    </section>
  );
}

interface StatusProps {
  readonly status: AtlasStatus;
  readonly onChanged: () => void;
}

/** There is none yet, one is being made, or it failed. */
function NoMap({ status, onChanged }: StatusProps) {
  if (status.state === 'RUNNING') {
    return (
      <section class="atlas-empty">
        <h1>{atlasText.running}</h1>
        <Progress status={status} onChanged={onChanged} />
        <p class="quiet">{atlasText.runningHint}</p>
      </section>
    );
  }
  const hasFailed = status.state === 'FAILED';
  return (
    <section class="atlas-empty">
      <h1>{atlasText.absent}</h1>
      {hasFailed && (
        <p role="alert">
          {atlasText.failed} {status.failure}
        </p>
      )}
      <p class="quiet">{atlasText.absentHint}</p>
      <ActionButton isPrimary act={makeAtlas} onDone={onChanged}>
        {hasFailed ? atlasText.tryAgain : atlasText.make}
      </ActionButton>
    </section>
  );
}

/** Beside a map: how far the next one is, or the button that begins one. */
function Remake({ status, onChanged }: StatusProps) {
  if (status.state === 'RUNNING') {
    return (
      <div>
        <p class="quiet">{atlasText.runningAnew}</p>
        <Progress status={status} onChanged={onChanged} />
      </div>
    );
  }
  return (
    <div class="atlas-remake">
      {status.failure !== null && (
        <p role="alert">
          {atlasText.failed} {status.failure}
        </p>
      )}
      {status.madeAt !== null && (
        <span class="quiet">{atlasText.madeAt(new Date(status.madeAt).toLocaleString())}</span>
      )}
      <ActionButton act={makeAtlas} onDone={onChanged}>
        {atlasText.remake}
      </ActionButton>
    </div>
  );
}

function Progress({ status, onChanged }: StatusProps) {
  const share = status.progress ?? 0;
  return (
    <div class="inline">
      <progress value={share} max={1} aria-label={atlasText.running} />
      <span>{atlasText.percent(share)}</span>
      <ActionButton act={cancelAtlas} onDone={onChanged}>
        {atlasText.cancel}
      </ActionButton>
    </div>
  );
}

interface ActionButtonProps {
  readonly act: () => Promise<void>;
  readonly onDone: () => void;
  readonly isPrimary?: boolean;
  readonly children: ComponentChildren;
}

/** A button that waits for the server, and tells where it failed. */
function ActionButton({ act, onDone, isPrimary = false, children }: ActionButtonProps) {
  const { run, problem } = useWork();
  return (
    <>
      <button
        type="button"
        class={isPrimary ? 'primary' : undefined}
        onClick={() => {
          run(act(), onDone);
        }}
      >
        {children}
      </button>
      {problem !== null && <p role="alert">{problem}</p>}
    </>
  );
}
