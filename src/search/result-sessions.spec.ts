import { expect, it } from '@jest/globals';
import { ResultSessions } from './result-sessions.js';

const session = (key: string) => ({ key, size: 1 });

it('goes on where a cursor points, for the query that it came from', () => {
  const sessions = new ResultSessions<{ key: string; size: number }>();
  const id = sessions.start(session('a query'));
  expect(sessions.resume(sessions.cursor(id, 20), 'a query')).toMatchObject({ session: id, position: 20 });
  expect(() => sessions.resume(sessions.cursor(id, 20), 'another one')).toThrow(/belongs to another query/);
});

it('tells a forged cursor from one whose answer is kept no longer', () => {
  const sessions = new ResultSessions<{ key: string; size: number }>();
  const first = sessions.cursor(sessions.start(session('a query')), 20);
  expect(() => sessions.resume(first.replace('.20.', '.21.'), 'a query')).toThrow(/damaged/);
  expect(() => new ResultSessions().resume(first, 'a query')).toThrow(/before the server was started anew/);
  // A thousand answers later it has made room.
  for (let i = 0; i < 1000; i++) sessions.start(session(`query ${i}`));
  expect(() => sessions.resume(first, 'a query')).toThrow(/has expired/);
});
