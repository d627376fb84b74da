import type { QueryRunner } from 'typeorm';
import { FigseekError, unknownFigure } from '../../domain/errors.js';
import {
  withChange,
  type EditableField,
  type EditableValues,
  type FigureEdit,
  type FigureEdits,
  type KeptEdits,
} from '../../domain/figure-edit.js';
import type { PanelsWrite } from '../../domain/figure-write.js';
import type { ImageHash } from '../../domain/ids.js';
import { toPage, type SeqPage } from '../../domain/page.js';
import { FigureEditStore, type EditWrite } from '../../ports/figure-edit-store.js';
import { keyOrNull } from './article-rows.js';
import { advanceCorpusVersion } from './corpus-state.js';
import type { Database } from './database.js';
import { keepLabels } from './figure-labels.js';
import { indexWords } from './keywords/word-index.js';
import { insertPanels } from './panel-rows.js';

interface FigureRow {
  readonly seq: number;
  readonly imageHash: ImageHash;
  readonly caption: string;
  readonly labels: string;
  readonly modality: string | null;
  readonly license: string | null;
  readonly licenseText: string | null;
  readonly edits: string | null;
  readonly editedAt: number | null;
}

interface EditRow {
  readonly seq: number;
  readonly field: EditableField;
  readonly before: string;
  readonly after: string;
  readonly isRelease: number;
  readonly editor: string;
  readonly editedAt: number;
}

export class SqliteFigureEditStore extends FigureEditStore {
  constructor(private readonly database: Database) {
    super();
  }

  async current(figureId: string): Promise<FigureEdits | null> {
    const [row] = await this.database.reader.query<Pick<FigureRow, 'edits' | 'editedAt'>[]>(
      'SELECT edits, edited_at AS editedAt FROM figure WHERE id = ?',
      [figureId],
    );
    return row === undefined ? null : readEdits(row);
  }

  apply(write: EditWrite): Promise<void> {
    return this.database.write(async (runner) => {
      const row = await unchangedRow(runner, write);
      const present: EditableValues = { ...row, labels: JSON.parse(row.labels) as readonly string[] };
      const at = Math.max(Date.now(), (row.editedAt ?? 0) + 1);
      const kept = readEdits(row)?.kept ?? {};
      await updateFigure(
        runner,
        row.seq,
        { ...present, ...write.change },
        {
          at,
          kept: write.isRelease
            ? withoutFields(kept, Object.keys(write.change))
            : withChange(kept, write.change, present),
        },
      );
      await addHistory(runner, row.seq, { ...write, present, at });
      if (write.whole !== null) await replaceWhole(runner, row.seq, write.whole);
      await indexWords(runner, 'figure.seq', row.seq);
      await advanceCorpusVersion(runner);
    });
  }

  async history(figureId: string, after: number, first: number): Promise<SeqPage<FigureEdit>> {
    const rows = await this.database.reader.query<EditRow[]>(
      `SELECT figure_edit.seq, field, before, after, is_release AS isRelease, editor, figure_edit.edited_at AS editedAt
       FROM figure_edit JOIN figure ON figure.seq = figure_seq
       WHERE figure.id = ? AND figure_edit.seq > ? ORDER BY figure_edit.seq LIMIT ?`,
      [figureId, after, first + 1],
    );
    return toPage(rows.map(readEdit), first);
  }
}

/** @throws {FigseekError} NOT_FOUND, CONFLICT */
async function unchangedRow(runner: QueryRunner, { figureId, imageHash, seenAt }: EditWrite): Promise<FigureRow> {
  const [row] = (await runner.query(
    `SELECT seq, image_hash AS imageHash, caption, labels, modality, license, license_text AS licenseText, edits,
       edited_at AS editedAt FROM figure WHERE id = ?`,
    [figureId],
  )) as FigureRow[];
  if (row === undefined) throw unknownFigure(figureId);
  if (row.editedAt === seenAt && row.imageHash === imageHash) return row;
  throw new FigseekError('CONFLICT', `The figure ${figureId} was changed meanwhile; look at it again`);
}

async function updateFigure(
  runner: QueryRunner,
  seq: number,
  { caption, labels, modality, license, licenseText }: EditableValues,
  { at, kept }: FigureEdits,
): Promise<void> {
  await runner.query(
    `UPDATE figure SET caption = ?, labels = ?, modality = ?, modality_key = ?, license = ?, license_key = ?,
       license_text = ?, edits = ?, edited_at = ? WHERE seq = ?`,
    [
      ...[caption, JSON.stringify(labels), modality, keyOrNull(modality), license, keyOrNull(license), licenseText],
      ...[JSON.stringify(kept), at, seq],
    ],
  );
  await keepLabels(runner, seq, labels);
}

async function addHistory(
  runner: QueryRunner,
  seq: number,
  { change, isRelease, editor, present, at }: EditWrite & { readonly present: EditableValues; readonly at: number },
): Promise<void> {
  for (const [field, value] of Object.entries(change)) {
    const before = JSON.stringify(present[field as EditableField]);
    await runner.query(
      `INSERT INTO figure_edit (figure_seq, field, before, after, is_release, editor, edited_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      [seq, field, before, JSON.stringify(value), isRelease ? 1 : 0, editor, at],
    );
  }
}

/** As a new panel: an index takes a new number, so that the vector of the old caption is never found again. */
async function replaceWhole(runner: QueryRunner, seq: number, whole: PanelsWrite): Promise<void> {
  for (const { id } of whole.panels) {
    const [picture] = (await runner.query(
      'SELECT signature FROM picture JOIN panel ON panel.seq = picture.panel_seq WHERE panel.id = ?',
      [id],
    )) as { signature: Buffer | null }[];
    await runner.query('DELETE FROM panel WHERE id = ?', [id]);
    const signature = picture?.signature ?? null;
    const signatures = signature === null ? undefined : new Map([[id, new Uint8Array(signature)]]);
    await insertPanels(runner, seq, signatures === undefined ? whole : { ...whole, signatures }, 0);
  }
}

/** @returns null where nobody ever changed the figure */
export function readEdits({ edits, editedAt }: Pick<FigureRow, 'edits' | 'editedAt'>): FigureEdits | null {
  return editedAt === null ? null : { at: editedAt, kept: JSON.parse(edits ?? '{}') as KeptEdits };
}

function withoutFields(kept: KeptEdits, fields: readonly string[]): KeptEdits {
  return Object.fromEntries(Object.entries(kept).filter(([field]) => !fields.includes(field)));
}

function readEdit({ seq, field, before, after, isRelease, editor, editedAt }: EditRow) {
  return {
    ...{ seq, field, editor, isRelease: isRelease === 1, editedAt: new Date(editedAt) },
    from: JSON.parse(before) as FigureEdit['from'],
    to: JSON.parse(after) as FigureEdit['to'],
  };
}
