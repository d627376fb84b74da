import type { DecisionPlace } from '../../../domain/duplicate-decision.js';
import { FigseekError } from '../../../domain/errors.js';

const list = 'duplicateDecisions';

export function decisionCursorOf({ decidedAt, figureIds }: DecisionPlace): string {
  return Buffer.from([list, decidedAt.getTime(), ...figureIds].join(':')).toString('base64url');
}

/** @returns null for the first page. @throws {FigseekError} BAD_USER_INPUT */
export function parseDecisionCursor(cursor: string | null | undefined): DecisionPlace | null {
  if (cursor == null) return null;
  const [name, ms = '', first, second] = Buffer.from(cursor, 'base64url').toString('utf8').split(':');
  if (name === list && /^\d{1,15}$/.test(ms) && first !== undefined && second !== undefined) {
    return { decidedAt: new Date(Number(ms)), figureIds: [first, second] };
  }
  throw new FigseekError('BAD_USER_INPUT', `Expected \`after\` to be a cursor of ${list} but received something else`);
}
