import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { FigseekError } from '../domain/errors.js';

/** A place in an answer: the session that holds it, and how many results lie up to it. */
interface CursorPosition {
  readonly session: string;
  readonly position: number;
}

const keptMs = 15 * 60_000;
/** Results of all sessions together, about 300 bytes each: those that were paged through, and those of first pages. */
const maxPagedHits = 600_000;
const maxFreshHits = 400_000;
/** What a session holds beside its results, counted in results. */
const ownSize = 20;

/**
 * Answers that are being paged through. The first page fixes what the others show, so that no page repeats or skips
 * while figures come and go. Kept for a quarter of an hour after the last page. Most answers are never paged: they make
 * room for each other, and never take that of a reader who pages.
 */
export class CursorStore<Session extends { readonly key: string; readonly size: number }> {
  private readonly fresh = sessionsOf<Session>(maxFreshHits);
  private readonly paged = sessionsOf<Session>(maxPagedHits);
  // Of this process: its sessions end with it.
  private readonly secret = randomBytes(32);

  /** @returns the id for cursors */
  start(session: Session): string {
    const id = randomBytes(9).toString('base64url');
    this.fresh.set(id, session);
    return id;
  }

  /** To be called when a session has grown. */
  update(id: string, session: Session): void {
    (this.paged.has(id) ? this.paged : this.fresh).set(id, session);
  }

  cursor(session: string, position: number): string {
    const place = `${session}.${position}`;
    return `${place}.${this.sign(place)}`;
  }

  /**
   * @param key of the request that the cursor comes back with; it has to be the one that it was made for
   * @throws {FigseekError} BAD_USER_INPUT for what is no cursor, one of another query, or one that has expired
   */
  resume(cursor: string, key: string): CursorPosition & { readonly value: Session } {
    const [session = '', position = '', signature = ''] = cursor.split('.');
    if (!/^[\w-]{12}$/.test(session) || !/^\d{1,9}$/.test(position)) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'Expected `after` to be a cursor of an earlier page but received something else',
      );
    }
    if (!isEqual(signature, this.sign(`${session}.${position}`))) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'The cursor is damaged, or was given before the server was started anew; start again at the first page',
      );
    }
    const value = this.paged.get(session) ?? this.fresh.get(session);
    if (value === undefined) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'The cursor has expired: cursors last 15 minutes after the last page, those of a first page less where thousands of searches come after it; start again at the first page',
      );
    }
    if (value.key !== key) {
      throw new FigseekError(
        'BAD_USER_INPUT',
        'The cursor belongs to another query: send it with the query it came from',
      );
    }
    if (this.fresh.delete(session)) this.paged.set(session, value);
    return { session, position: Number(position), value };
  }

  private sign(place: string): string {
    return createHmac('sha256', this.secret).update(place).digest('base64url').slice(0, 22);
  }
}

function sessionsOf<Session extends { readonly size: number }>(maxSize: number): LRUCache<string, Session> {
  return new LRUCache({
    maxSize,
    sizeCalculation: ({ size }) => ownSize + size,
    ttl: keptMs,
    updateAgeOnGet: true,
  });
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
