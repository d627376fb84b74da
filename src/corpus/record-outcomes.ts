import { leftOutCodes, type IngestFault } from '../domain/ingest-run.js';
import type { RecordSource, StoredRecord } from '../domain/record-source.js';
import type { SourceItem } from '../domain/figure-record.js';
import type { SourceStore } from '../ports/source-store.js';
import type { FigureBuilder } from './figure-builder.js';
import { faultFromError, ingestFault, isUnavailable, type Change, type Outcome } from './ingest-progress.js';
import type { PanelFinding, ReadRecord, RecordIdentity } from './prepared-record.js';
import { matchRecord, type RecordMatch } from './record-identity.js';

/** How the records of a run are taken. */
export interface TakingOptions {
  /** Take records again whose figures were deleted. */
  readonly restoreDeleted?: boolean;
  /** Pass over records that are stored without looking whether they changed. */
  readonly onlyNew?: boolean;
}

/** One run, as far as single records need it. */
interface Taking {
  readonly source: RecordSource;
  readonly options: TakingOptions;
  /** Nothing is stored. */
  readonly isDry: boolean;
  /** How panels are looked for where records name none; null: they are not. */
  readonly finding: PanelFinding | null;
  /** @returns the keys that the run had read before */
  readonly markRead: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
}

type RecordItem = Extract<SourceItem, { readonly kind: 'record' }>;

/** Decides what becomes of the items of a source: a fault, a figure to store, or a figure that stays as it is. */
export class RecordOutcomes {
  constructor(
    private readonly maker: FigureBuilder,
    private readonly sources: Pick<SourceStore, 'storedRecords'>,
  ) {}

  /** One outcome an item, in their order. */
  async of(batch: readonly SourceItem[], run: Taking): Promise<readonly Outcome[]> {
    const records = batch.filter((item) => item.kind === 'record');
    const faults = batch.flatMap((item) => (item.kind === 'fault' ? [item.sourceKey] : []));
    const keys = records.map(({ record }) => record.id);
    const known = await this.sources.storedRecords([...keys, ...faults], this.maker.space);
    const repeated = await repeatedItems(records, run);
    // A stored record that cannot be read now is not gone from its source.
    await run.markRead(faults.filter((key) => isStored(known.get(key), run.source)));
    return Promise.all(
      batch.map(async (item): Promise<Outcome> => {
        if (item.kind === 'left-out') return { leftOut: ingestFault(item.sourceKey, leftOutCodes.file, item.reason) };
        if (item.kind === 'fault') {
          const fault = ingestFault(item.sourceKey, item.code, item.message);
          return { fault, isUnreadable: !isStored(known.get(item.sourceKey), run.source) };
        }
        return repeated.has(item) ? { fault: repetition(item.record.id) } : await this.ofRecord(item, known, run);
      }),
    );
  }

  private async ofRecord(
    item: RecordItem,
    known: ReadonlyMap<string, readonly StoredRecord[]>,
    run: Taking,
  ): Promise<Outcome> {
    const { id } = item.record;
    const stored = known.get(id) ?? [];
    if (run.options.onlyNew === true && isStored(stored, run.source)) return { passed: 'unchanged', adopted: null };
    try {
      const read = await this.maker.read(item.record, item.readImage, run.finding);
      const match = matchRecord({ key: id, imageHash: read.imageHash }, stored, run.source);
      const outcome = await this.ofRead(read, match, run);
      return 'prepared' in outcome ? { ...outcome, arePagesTold: item.arePagesTold === true } : outcome;
    } catch (error) {
      // A detector that cannot run is no fault of a record.
      if (run.finding !== null && run.finding.detector !== null && isUnavailable(error)) throw error;
      return { fault: faultFromError(id, error), isUnreadable: item.mayHoldOthers === true };
    }
  }

  private async ofRead(item: ReadRecord, match: RecordMatch, run: Taking): Promise<Outcome> {
    switch (match.kind) {
      case 'foreign':
        return { fault: ingestFault(item.record.id, 'OTHER_SOURCE', foreignMessage(match.owner, run.source.name)) };
      case 'deleted':
        if (run.options.restoreDeleted !== true) return { passed: 'deleted', adopted: null };
        return { ...(await this.prepared(item, match.identity, 'added')), isRestored: true };
      case 'new':
        return this.prepared(item, match.identity, 'added');
      case 'stored': {
        const { identity, stored } = match;
        const { correction, edits } = stored;
        const byPeople = { correction, edits };
        if (stored.recordHash !== item.recordHash) {
          const outcome = await this.prepared(item, identity, 'updated', byPeople);
          return stored.imageHash === item.imageHash ? outcome : { ...outcome, replacedImage: stored.imageHash };
        }
        if (!stored.isEmbedded) return this.prepared(item, identity, 'embedded', byPeople);
        if (!run.isDry) await this.maker.keepImage(item);
        return { passed: 'unchanged', adopted: match.isAdopted ? identity.id : null };
      }
    }
  }

  private async prepared(
    read: ReadRecord,
    identity: RecordIdentity,
    change: Change,
    byPeople: Parameters<FigureBuilder['prepare']>[2] = {},
  ) {
    return { prepared: await this.maker.prepare(read, identity, byPeople), change };
  }
}

/** Records whose key was read before, in the batch or in the run. */
async function repeatedItems(records: readonly RecordItem[], run: Taking): Promise<ReadonlySet<RecordItem>> {
  const before = new Set(await run.markRead(records.map(({ record }) => record.id)));
  const repeated = new Set<RecordItem>();
  for (const item of records) {
    if (before.has(item.record.id)) repeated.add(item);
    before.add(item.record.id);
  }
  return repeated;
}

function isStored(known: readonly StoredRecord[] = [], source: RecordSource): boolean {
  return known.some(({ source: owner, stored }) => stored !== null && owner === source.name);
}

function repetition(key: string): IngestFault {
  return ingestFault(key, 'DUPLICATE_ID', 'The id stands twice in the source; only the first record with it is read');
}

function foreignMessage(owner: string, name: string): string {
  return (
    `The figure with this id and image belongs to the source “${owner}”, and this is “${name}”. ` +
    `If it is the same source in another place, give --source "${owner}"; to keep both, give --source with another name`
  );
}
