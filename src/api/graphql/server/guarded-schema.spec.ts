import { describe, expect, it } from '@jest/globals';
import { buildSchema, execute, isObjectType, parse } from 'graphql';
import { guarded } from './guarded-schema.js';
import { Lane } from './turns.js';

describe('a schema whose resolvers are guarded', () => {
  const schema = buildSchema(
    'type Query { figures: [Figure!]! similar: Int } type Figure { panels: Int similar: Int }',
  );
  const counts = { begun: 0, searching: 0, maxSearching: 0 };
  let onEach: () => void = () => undefined;
  const { Query, Figure } = schema.getTypeMap();
  if (!isObjectType(Query) || !isObjectType(Figure)) throw new Error('no types');
  const { figures } = Query.getFields();
  const { panels, similar } = Figure.getFields();
  if (!figures || !panels || !similar) throw new Error('no fields');
  figures.resolve = () => Array.from({ length: 200 }, () => ({}));
  panels.resolve = async () => {
    counts.begun += 1;
    onEach();
    // As long as a piece of work that does not wait for anything.
    for (const until = performance.now() + 1; performance.now() < until;);
    await Promise.resolve();
    return 1;
  };
  similar.resolve = async () => {
    counts.maxSearching = Math.max(counts.maxSearching, ++counts.searching);
    await new Promise((resolve) => setImmediate(resolve));
    counts.searching -= 1;
    return 1;
  };
  guarded(schema);

  const run = (text: string, signal: AbortSignal) =>
    execute({ schema, document: parse(text), contextValue: { signal, searches: new Lane(2) } });

  it('begins nothing more once the client has left', async () => {
    const gone = new AbortController();
    onEach = () => {
      if (counts.begun === 20) gone.abort(new Error('The client went away'));
    };
    const { errors } = await run('{ figures { panels } }', gone.signal);
    expect(counts.begun).toBe(20);
    expect(errors?.[0]?.message).toBe('The client went away');
  });

  it('answers others between the parts of a long answer', async () => {
    onEach = () => undefined;
    let others = 0;
    const timer = setInterval(() => others++, 1);
    const { errors } = await run('{ figures { panels } }', new AbortController().signal);
    clearInterval(timer);
    expect(errors).toBeUndefined();
    expect(others).toBeGreaterThan(2);
  });

  it('searches for one request a few times at once', async () => {
    await run('{ figures { similar } }', new AbortController().signal);
    expect(counts.maxSearching).toBe(2);
  });
});
