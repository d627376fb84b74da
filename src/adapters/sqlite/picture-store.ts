import type { QueryRunner } from 'typeorm';
import type { Box } from '../../domain/figure.js';
import type { FigureId, ImageHash, PanelId } from '../../domain/ids.js';
import { pictureChanges, type PictureChange, type PictureCode } from '../../domain/picture-likeness.js';
import { storedCodes } from '../../imaging/pictures/picture-candidates.js';
import { signatureFromBytes } from '../../imaging/pictures/signature-bytes.js';
import {
  PictureStore,
  type ListedMatch,
  type PendingPictures,
  type PictureMatch,
  type SignedPicture,
  type StoredMatch,
  type StoredPicture,
} from '../../ports/picture-store.js';
import type { Database } from './database.js';
import { joinGroup } from './picture-groups.js';

interface PictureRow {
  readonly number: number;
  readonly panelId: PanelId;
  readonly figureId: FigureId;
  readonly imageHash: ImageHash;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly signature: Buffer | null;
}

interface MatchRow {
  /** 1 where the match is told from its second panel. */
  readonly isTurned: number;
  readonly firstNumber: number;
  readonly secondNumber: number;
  readonly panelId: PanelId;
  readonly figureId: FigureId;
  readonly otherPanelId: PanelId;
  readonly otherFigureId: FigureId;
  readonly similarity: number;
  readonly changes: number;
  readonly isSame: number;
  readonly firstBox: string;
  readonly secondBox: string;
}

const pictureColumns = `picture.panel_seq AS number, panel.id AS panelId, panel.figure_id AS figureId,
  figure.image_hash AS imageHash, panel.x, panel.y, panel.width, panel.height, picture.signature`;
const pictures = `picture JOIN panel ON panel.seq = picture.panel_seq JOIN figure ON figure.id = panel.figure_id`;

/** Each match in both directions, from `own` to `other`. */
const directedMatches = `(
  SELECT first_seq AS own, second_seq AS other, similarity, changes, is_same, first_box AS own_box,
    second_box AS other_box, 0 AS is_turned FROM picture_match
  UNION ALL
  SELECT second_seq, first_seq, similarity, changes, is_same, second_box, first_box, 1 FROM picture_match)`;
const matchColumns = `link.own AS firstNumber, link.other AS secondNumber, one.id AS panelId, one.figure_id AS figureId,
  two.id AS otherPanelId, two.figure_id AS otherFigureId, link.similarity, link.changes, link.is_same AS isSame,
  link.own_box AS firstBox, link.other_box AS secondBox, link.is_turned AS isTurned`;
const matches = `${directedMatches} AS link JOIN panel AS one ON one.seq = link.own JOIN panel AS two ON two.seq = link.other`;
/** Pairs of which a person said that they are not the same are not told. */
const isNotDenied = `NOT EXISTS (SELECT 1 FROM duplicate_decision WHERE decision = 'NOT_SAME'
  AND first_id = min(one.figure_id, two.figure_id) AND second_id = max(one.figure_id, two.figure_id))`;

export class SqlitePictureStore extends PictureStore {
  constructor(private readonly database: Database) {
    super();
  }

  async pending(after = 0): Promise<PendingPictures> {
    const [row] = await this.database.reader.query<PendingPictures[]>(
      `SELECT COUNT(*) FILTER (WHERE state = 0) AS unsigned, COUNT(*) FILTER (WHERE state = 1) AS uncompared
       FROM picture WHERE state < 2 AND panel_seq > ?`,
      [after],
    );
    return row ?? { unsigned: 0, uncompared: 0 };
  }

  async listUnsigned(limit: number, after = 0): Promise<readonly StoredPicture[]> {
    return (await this.waiting(0, limit, after)).map(readPicture);
  }

  async listUncompared(limit: number, after = 0): Promise<readonly SignedPicture[]> {
    return (await this.waiting(1, limit, after)).map(readSigned);
  }

  sign(signatures: readonly { readonly number: number; readonly signature: Uint8Array | null }[]): Promise<void> {
    return this.database.write(async (runner) => {
      for (const { number, signature } of signatures) {
        await runner.query('UPDATE picture SET state = ?, signature = ? WHERE panel_seq = ?', [
          signature === null ? 3 : 1,
          signature === null ? null : Buffer.from(signature),
          number,
        ]);
      }
    });
  }

  async findCodes(prefixes: readonly number[], ofOthersThan: FigureId): Promise<readonly PictureCode[]> {
    return this.database.scanner.query<PictureCode[]>(
      `SELECT panel_seq AS panel, place, prefix, rest FROM picture_code
       WHERE prefix IN (SELECT value FROM json_each(?1))
         AND panel_seq NOT IN (SELECT seq FROM panel WHERE figure_id = ?2)`,
      [JSON.stringify(prefixes), ofOthersThan],
    );
  }

  async picturesOf(numbers: readonly number[]): Promise<readonly SignedPicture[]> {
    const rows = await this.database.reader.query<PictureRow[]>(
      `SELECT ${pictureColumns} FROM ${pictures}
       WHERE picture.panel_seq IN (SELECT value FROM json_each(?)) AND picture.signature IS NOT NULL`,
      [JSON.stringify(numbers)],
    );
    return rows.map(readSigned);
  }

  async anchorsOf(numbers: readonly number[]): Promise<readonly number[]> {
    const rows = await this.database.reader.query<{ number: number }[]>(
      `SELECT DISTINCT panel.seq AS number
       FROM picture JOIN picture_group ON picture_group.figure_seq = picture.figure_seq
         JOIN figure ON figure.seq = picture_group.anchor_seq
         JOIN panel ON panel.figure_id = figure.id AND panel.ordinal = 0
       WHERE picture.is_whole AND picture.panel_seq IN (SELECT value FROM json_each(?)) ORDER BY panel.seq`,
      [JSON.stringify(numbers)],
    );
    return rows.map(({ number }) => number);
  }

  record(number: number, found: readonly PictureMatch[]): Promise<void> {
    return this.database.write(async (runner) => {
      const [own] = (await runner.query(
        'SELECT figure_seq AS figure, is_whole AS isWhole, signature FROM picture WHERE panel_seq = ? AND state = 1',
        [number],
      )) as { figure: number; isWhole: number; signature: Buffer }[];
      if (own === undefined) return;
      for (const { place, prefix, rest } of storedCodes(number, signatureFromBytes(own.signature))) {
        await runner.query('INSERT OR REPLACE INTO picture_code VALUES (?, ?, ?, ?)', [number, place, prefix, rest]);
      }
      for (const match of found) await insertMatch(runner, number, match);
      await runner.query('UPDATE picture SET state = 2 WHERE panel_seq = ?', [number]);
      if (own.isWhole === 1) await joinGroup(runner, number, own.figure);
    });
  }

  async matchesOf(figureId: FigureId): Promise<readonly StoredMatch[]> {
    const rows = await this.database.reader.query<MatchRow[]>(
      `SELECT ${matchColumns} FROM ${matches} WHERE one.figure_id = ? AND ${isNotDenied}
       ORDER BY link.is_same DESC, link.similarity DESC, link.other, link.own`,
      [figureId],
    );
    return rows.map(readMatch);
  }

  async listMatches(after: readonly [first: number, second: number], limit: number): Promise<readonly ListedMatch[]> {
    const rows = await this.database.reader.query<MatchRow[]>(
      `SELECT ${matchColumns} FROM ${matches} WHERE NOT link.is_turned AND (link.own, link.other) > (?, ?) AND ${isNotDenied}
       ORDER BY link.own, link.other LIMIT ?`,
      [...after, limit],
    );
    return rows.map((row) => ({
      ...readMatch(row),
      figureId: row.figureId,
      numbers: [row.firstNumber, row.secondNumber],
    }));
  }

  private waiting(state: 0 | 1, limit: number, after: number): Promise<PictureRow[]> {
    return this.database.reader.query<PictureRow[]>(
      `SELECT ${pictureColumns} FROM ${pictures} WHERE picture.state = ${state} AND picture.panel_seq > ?
       ORDER BY picture.panel_seq LIMIT ?`,
      [after, limit],
    );
  }
}

/** The panel with the lesser number is the first one. A panel or match that is gone or known is passed over. */
async function insertMatch(runner: QueryRunner, number: number, match: PictureMatch): Promise<void> {
  const { other, similarity, changes, isSame, boxes } = match;
  const [first, second] = number < other ? [number, other] : [other, number];
  const [own, its] = boxes.map(({ x, y, width, height }) => JSON.stringify([x, y, width, height]));
  // Changes are told from the first picture to the second.
  const told = number < other ? changes : toldBack(changes);
  await runner.query(
    `INSERT OR REPLACE INTO picture_match
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE EXISTS (SELECT 1 FROM picture WHERE panel_seq = ?8)`,
    [first, second, similarity, bitsOf(told), isSame ? 1 : 0, ...(number < other ? [own, its] : [its, own]), other],
  );
}

function bitsOf(changes: readonly PictureChange[]): number {
  return changes.reduce((bits, change) => bits | (1 << pictureChanges.indexOf(change)), 0);
}

/** From the second picture to the first: a turn goes back, but one after a mirror is its own way back. */
function toldBack(changes: readonly PictureChange[]): readonly PictureChange[] {
  if (changes.includes('MIRRORED')) return changes;
  return changes.map((change) => {
    if (change === 'ROTATED_90') return 'ROTATED_270';
    return change === 'ROTATED_270' ? 'ROTATED_90' : change;
  });
}

function readPicture({ number, panelId, figureId, imageHash, x, y, width, height }: PictureRow): StoredPicture {
  return { number, panelId, figureId, imageHash, box: { x, y, width, height } };
}

function readSigned(row: PictureRow): SignedPicture {
  return { ...readPicture(row), signature: new Uint8Array(row.signature ?? []) };
}

function readMatch(row: MatchRow): StoredMatch {
  const changes = pictureChanges.filter((_, bit) => (row.changes & (1 << bit)) !== 0);
  return {
    panelId: row.panelId,
    other: { panelId: row.otherPanelId, figureId: row.otherFigureId },
    similarity: row.similarity,
    changes: row.isTurned === 1 ? toldBack(changes) : changes,
    isSame: row.isSame === 1,
    boxes: [readBox(row.firstBox), readBox(row.secondBox)],
  };
}

function readBox(text: string): Box {
  const [x = 0, y = 0, width = 0, height = 0] = JSON.parse(text) as number[];
  return { x, y, width, height };
}
