import { expect, it } from '@jest/globals';
import { CursorStore } from './cursor-store.js';

const session = (key: string) => ({ key, size: 1 });

it('goes on where a cursor points, for the query that it came from', () => {
  const sessions = new CursorStore<{ key: string; size: number }>();
  const id = sessions.start(session('a query'));
  expect(sessions.resume(sessions.cursor(id, 20), 'a query')).toMatchObject({ session: id, position: 20 });
  expect(() => sessions.resume(sessions.cursor(id, 20), 'another one')).toThrow(/belongs to another query/);
});

it('tells a forged cursor from one whose answer is kept no longer', () => {
  const sessions = new CursorStore<{ key: string; size: number }>();
  const first = sessions.cursor(sessions.start(session('a query')), 20);
  expect(() => sessions.resume(first.replace('.20.', '.21.'), 'a query')).toThrow(/damaged/);
  expect(() => new CursorStore().resume(first, 'a query')).toThrow(/before the server was started anew/);
  // Many thousands of answers later it has made room.
  for (let i = 0; i < 25_000; i++) sessions.start(session(`query ${i}`));
  expect(() => sessions.resume(first, 'a query')).toThrow(/has expired/);
});

it('keeps what is paged through, however many searches others begin, and first pages over a thousand', () => {
  const sessions = new CursorStore<{ key: string; size: number }>();
  const begin = (key: string): string => sessions.cursor(sessions.start({ key, size: 300 }), 20);
  const paged = begin('paged');
  sessions.resume(paged, 'paged');
  const fresh = begin('fresh');
  for (let i = 0; i < 1000; i++) begin(`query ${i}`);
  expect(sessions.resume(fresh, 'fresh')).toMatchObject({ position: 20 });
  for (let i = 0; i < 10_000; i++) begin(`query ${i}`);
  expect(sessions.resume(paged, 'paged')).toMatchObject({ position: 20 });
});
