import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CursorStore } from './cursor-store.js';

describe('any cursor', () => {
  const store = new CursorStore<{ readonly key: string; readonly size: number }>();

  it('leads back to its place, with the query that it was given for', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 999_999_999 }), (key, position) => {
        const session = store.start({ key, size: 1 });
        expect(store.resume(store.cursor(session, position), key)).toMatchObject({ session, position, value: { key } });
      }),
    );
  });

  it('is refused when one character of it is another one', () => {
    const cursor = store.cursor(store.start({ key: 'query', size: 1 }), 20);
    fc.assert(
      fc.property(fc.nat(cursor.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(cursor[at] !== character);
        const changed = cursor.slice(0, at) + character + cursor.slice(at + 1);
        expect(() => store.resume(changed, 'query')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
      }),
    );
  });

  it('is refused when it is any other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => store.resume(text, 'query')).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
      }),
    );
  });
});
