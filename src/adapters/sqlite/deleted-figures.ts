import type { QueryRunner } from 'typeorm';
import type { Figure } from '../../domain/figure.js';

/** A figure that comes back returns to its collections, with its tags and ratings. */
export async function rememberDeleted(runner: QueryRunner, seq: number, by: 'person' | 'prune'): Promise<void> {
  await runner.query(
    `INSERT INTO deleted_figure (source, source_key, figure_id, collections, ratings, deleted_at, is_pruned)
     SELECT source, source_key, id, (
       SELECT json_group_array(json_object('collection', collection_seq, 'note', note, 'tags', tags, 'addedAt', added_at))
       FROM collection_item WHERE figure_seq = figure.seq), (
       SELECT json_group_array(json_object('collection', collection_seq, 'rating', rating, 'ratedAt', rated_at))
       FROM collection_rating WHERE figure_seq = figure.seq), ?, ?
     FROM figure WHERE seq = ?
     ON CONFLICT (source_key, source) DO UPDATE SET figure_id = excluded.figure_id, collections = excluded.collections,
       ratings = excluded.ratings, deleted_at = excluded.deleted_at, is_pruned = excluded.is_pruned`,
    [Date.now(), by === 'prune' ? 1 : 0, seq],
  );
}

/** Puts a figure that was deleted and comes back into the collections that still exist. */
export async function restoreCollections(
  runner: QueryRunner,
  seq: number,
  { id, source, sourceKey }: Pick<Figure, 'id' | 'source' | 'sourceKey'>,
): Promise<void> {
  const from = (list: string) => `FROM deleted_figure, json_each(deleted_figure.${list}) AS item
       JOIN collection ON collection.seq = item.value ->> 'collection'
     WHERE deleted_figure.source_key = ?2
       AND (deleted_figure.source = ?3 OR (deleted_figure.source = '' AND deleted_figure.figure_id = ?4))
     ON CONFLICT (collection_seq, figure_seq) DO NOTHING`;
  await runner.query(
    `INSERT INTO collection_item (collection_seq, figure_seq, note, tags, added_at)
     SELECT collection.seq, ?1, item.value ->> 'note', coalesce(item.value ->> 'tags', '[]'), item.value ->> 'addedAt'
     ${from('collections')}`,
    [seq, sourceKey, source, id],
  );
  await runner.query(
    `INSERT INTO collection_rating (collection_seq, figure_seq, rating, rated_at)
     SELECT collection.seq, ?1, item.value ->> 'rating', item.value ->> 'ratedAt' ${from('ratings')}`,
    [seq, sourceKey, source, id],
  );
  await runner.query(`DELETE FROM deleted_figure WHERE ${isOfDeleted}`, [sourceKey, source, id]);
}

/** The figure that a deletion is remembered of. Its parameters: source key, source, id. */
const isOfDeleted = `deleted_figure.source_key = ?
  AND (deleted_figure.source = ? OR (deleted_figure.source = '' AND deleted_figure.figure_id = ?))`;

export async function isDeleted(runner: QueryRunner, { id, source, sourceKey }: Figure): Promise<boolean> {
  const rows = (await runner.query(`SELECT 1 FROM deleted_figure WHERE NOT is_pruned AND ${isOfDeleted}`, [
    ...[sourceKey, source, id],
  ])) as object[];
  return rows.length > 0;
}
