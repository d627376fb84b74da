import { FigseekError } from '../domain/errors.js';
import type { HubClient } from './hub-client.js';
import type { ModelCatalogEntry, FileSpec } from './model-catalog.js';
import { downloadStopped } from './hub-errors.js';
import { describeFile, readSnapshot, type RemoteFile, type Snapshot } from './repository.js';
import { defaultRetryPolicy, withRetries, type RetryPolicy } from '../platform/http/retries.js';

/** What one pull fetches: decided before its first byte, so that all of it belongs together. */
export interface PullPlan {
  readonly model: ModelCatalogEntry;
  readonly files: readonly RemoteFile[];
  readonly license: string;
  /** `repository@commit`, of each repository that gives a file. */
  readonly source: string;
}

export interface PlanOptions {
  readonly note: (line: string) => void;
  readonly policy?: RetryPolicy;
}

/** @throws {FigseekError} MODEL_UNAVAILABLE what was expected in a repository, and what is there */
export async function planPull(client: HubClient, model: ModelCatalogEntry, options: PlanOptions): Promise<PullPlan> {
  const snapshots = new Map<string, Snapshot>();
  const retrying = { policy: options.policy ?? defaultRetryPolicy, note: options.note, giveUp: downloadStopped };
  const snapshotOf = async (repository: string): Promise<Snapshot> => {
    const known = snapshots.get(repository);
    if (known !== undefined) return known;
    const read = await withRetries(() => readSnapshot(client, repository), retrying);
    snapshots.set(repository, read);
    return read;
  };
  const files: RemoteFile[] = [];
  for (const wanted of model.files) {
    const { snapshot, name } = await locate(wanted, snapshotOf);
    files.push(await withRetries(() => describeFile(client, snapshot, name), retrying));
  }
  const card = await snapshotOf(model.repository);
  const sources = new Set(files.map(({ repository, commit }) => `${repository}@${commit}`));
  return { model, files, license: licenseOf(model, card.license), source: [...sources].join(', ') };
}

async function locate(
  wanted: FileSpec,
  snapshotOf: (repository: string) => Promise<Snapshot>,
): Promise<{ snapshot: Snapshot; name: string }> {
  const seen: string[] = [];
  for (const repository of wanted.repositories) {
    const snapshot = await snapshotOf(repository);
    const name = wanted.names.find((one) => snapshot.files.has(one));
    if (name !== undefined) return { snapshot, name };
    seen.push(`${repository} (it has ${listed([...snapshot.files.keys()])})`);
  }
  throw new FigseekError('MODEL_UNAVAILABLE', `There is no ${wanted.names.join(' or ')} in ${seen.join(' nor in ')}`);
}

const namesShown = 20;

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'no files';
  const shown = names.slice(0, namesShown).join(', ');
  return names.length > namesShown ? `${shown} and ${names.length - namesShown} more` : shown;
}

/** The table's license, and what the hub says now where that is another one: the user accepts what is in force. */
function licenseOf(model: ModelCatalogEntry, stated: string | null): string {
  if (model.license === null) return stated ?? 'not stated';
  const same = stated === null || stated.toLowerCase() === model.license.toLowerCase();
  return same ? model.license : `${stated} (figseek expected ${model.license})`;
}
