import type { QueryRunner } from 'typeorm';
import {
  pairsOf,
  type DecisionPlace,
  type DuplicateDecision,
  type DuplicateGroup,
  type DuplicateVerdict,
} from '../../domain/duplicate-decision.js';
import { FigseekError, unknownFigure } from '../../domain/errors.js';
import type { FigureId } from '../../domain/ids.js';
import { toPage, type Page, type SeqPage } from '../../domain/page.js';
import { DuplicateDecisionStore, type DuplicateGroupsRequest } from '../../ports/duplicate-decision-store.js';
import { advanceCorpusVersion } from './corpus-state.js';
import type { Database } from './database.js';
import { regroup } from './picture-groups.js';

interface DecisionRow {
  readonly firstId: FigureId;
  readonly secondId: FigureId;
  readonly verdict: DuplicateVerdict;
  readonly keptId: FigureId | null;
  readonly decidedBy: string;
  readonly decidedAt: number;
}

const decisionColumns = `first_id AS firstId, second_id AS secondId, decision AS verdict, kept_id AS keptId,
  decided_by AS decidedBy, decided_at AS decidedAt`;

/** Ids of the hidden figures: those that another figure stands for, as long as that one exists. */
export const hiddenFigures = `SELECT hidden.value FROM duplicate_decision
    JOIN figure AS kept ON kept.id = duplicate_decision.kept_id
    JOIN json_each(json_array(first_id, second_id)) AS hidden ON hidden.value <> kept_id
  WHERE decision = 'KEEP_ONE'`;

/** A member of a group (`member`, with `anchor`) of which nothing was decided beside its anchor. */
const undecidedMember = `NOT EXISTS (SELECT 1 FROM duplicate_decision
  WHERE first_id = min(member.id, anchor.id) AND second_id = max(member.id, anchor.id))`;

export class SqliteDuplicateDecisionStore extends DuplicateDecisionStore {
  constructor(private readonly database: Database) {
    super();
  }

  decide(
    figureIds: readonly string[],
    verdict: DuplicateVerdict | null,
    { keptId, by }: { readonly keptId: string | null; readonly by: string },
  ): Promise<void> {
    return this.database.write(async (runner) => {
      await expectFigures(runner, figureIds);
      const pairs = JSON.stringify(pairsOf(figureIds));
      await runner.query(
        `DELETE FROM duplicate_decision
         WHERE (first_id, second_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))`,
        [pairs],
      );
      if (keptId !== null) await expectVisible(runner, keptId);
      if (verdict !== null) {
        await runner.query(
          `INSERT INTO duplicate_decision (first_id, second_id, decision, kept_id, decided_by, decided_at)
           SELECT value ->> 0, value ->> 1, ?2, ?3, ?4, ?5 FROM json_each(?1)`,
          [pairs, verdict, keptId, by, Date.now()],
        );
      }
      await regroup(runner, figureIds);
      await advanceCorpusVersion(runner);
    });
  }

  async among(figureIds: readonly string[]): Promise<readonly DuplicateDecision[]> {
    const rows = await this.database.reader.query<DecisionRow[]>(
      `SELECT ${decisionColumns} FROM duplicate_decision WHERE first_id IN (SELECT value FROM json_each(?1))
         AND second_id IN (SELECT value FROM json_each(?1)) ORDER BY first_id, second_id`,
      [JSON.stringify(figureIds)],
    );
    return rows.map(toDecision);
  }

  async list(after: DecisionPlace | null, first: number): Promise<Page<DuplicateDecision>> {
    const rows = await this.database.scanner.query<DecisionRow[]>(
      `SELECT ${decisionColumns} FROM duplicate_decision
       WHERE ?1 IS NULL OR (-decided_at, first_id, second_id) > (-?1, ?2, ?3)
       ORDER BY decided_at DESC, first_id, second_id LIMIT ?4`,
      [after?.decidedAt.getTime() ?? null, ...(after?.figureIds ?? ['', '']), first + 1],
    );
    return { items: rows.slice(0, first).map(toDecision), hasNextPage: rows.length > first };
  }

  async groups(
    { isReviewed, after, first }: DuplicateGroupsRequest,
    maxFigures: number,
  ): Promise<SeqPage<DuplicateGroup>> {
    const hasUndecided = `EXISTS (SELECT 1 FROM picture_group AS own JOIN figure AS member ON member.seq = own.figure_seq
      WHERE own.anchor_seq = anchor.seq AND member.seq <> anchor.seq AND ${undecidedMember})`;
    const condition = isReviewed === null ? 'TRUE' : isReviewed ? `NOT ${hasUndecided}` : hasUndecided;
    const rows = await this.database.scanner.query<{ seq: number; size: number; ids: string }[]>(
      `SELECT anchor.seq, (SELECT COUNT(*) FROM picture_group WHERE anchor_seq = anchor.seq) AS size,
         (SELECT json_group_array(id) FROM (
            SELECT member.id FROM picture_group AS own JOIN figure AS member ON member.seq = own.figure_seq
            WHERE own.anchor_seq = anchor.seq ORDER BY member.seq <> anchor.seq, member.seq LIMIT ?3)) AS ids
       FROM picture_group JOIN figure AS anchor ON anchor.seq = picture_group.figure_seq
       WHERE picture_group.anchor_seq = picture_group.figure_seq AND anchor.seq > ?1 AND ${condition}
         AND (SELECT COUNT(*) FROM picture_group WHERE anchor_seq = anchor.seq) > 1
       ORDER BY anchor.seq LIMIT ?2`,
      [after, first + 1, maxFigures],
    );
    return toPage(
      rows.map(({ seq, size, ids }) => ({ seq, size, figureIds: JSON.parse(ids) as readonly FigureId[] })),
      first,
    );
  }

  async hiddenAmong(figureIds: readonly string[]): Promise<ReadonlySet<FigureId>> {
    const rows = await this.database.reader.query<{ value: FigureId }[]>(
      `SELECT value FROM json_each(?) WHERE value IN (${hiddenFigures})`,
      [JSON.stringify(figureIds)],
    );
    return new Set(rows.map(({ value }) => value));
  }
}

function toDecision({ firstId, secondId, decidedAt, ...row }: DecisionRow): DuplicateDecision {
  return { ...row, figureIds: [firstId, secondId], decidedAt: new Date(decidedAt) };
}

/** @throws {FigseekError} NOT_FOUND */
async function expectFigures(runner: QueryRunner, figureIds: readonly string[]): Promise<void> {
  const [unknown] = (await runner.query(
    'SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM figure) LIMIT 1',
    [JSON.stringify(figureIds)],
  )) as { value: string }[];
  if (unknown !== undefined) throw unknownFigure(unknown.value);
}

/** @throws {FigseekError} CONFLICT: figures that stand for each other in a circle would all be hidden */
async function expectVisible(runner: QueryRunner, id: string): Promise<void> {
  const found = (await runner.query(`SELECT 1 WHERE ? IN (${hiddenFigures})`, [id])) as object[];
  if (found.length === 0) return;
  throw new FigseekError(
    'CONFLICT',
    `Expected to keep a figure that is shown, but ${id.slice(0, 60)} is hidden by another decision: take that one back first`,
  );
}
