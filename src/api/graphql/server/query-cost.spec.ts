import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  getIntrospectionQuery,
  getNamedType,
  getNullableType,
  getOperationAST,
  isListType,
  isObjectType,
  parse,
} from 'graphql';
import { loadConfig, packageRoot } from '../../../app/config.js';
import { hasKnownLength } from './field-costs.js';
import { checkCost, computeCost } from './query-cost.js';

const schema = buildSchema(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8'));
const limits = loadConfig({}, {}, '/nonexistent');

function asked(text: string, variables: Record<string, unknown> = {}, name?: string) {
  const document = parse(text);
  const operation = getOperationAST(document, name);
  if (!operation) throw new Error('no operation');
  return { schema, document, operation, variables };
}

const cost = (text: string, variables: Record<string, unknown> = {}): number =>
  computeCost(asked(text, variables), 200);

const ids = (count: number): string => JSON.stringify(Array.from({ length: count }, (_, i) => `fig_${i}`));

describe('the cost of a query', () => {
  it('counts each value of the answer, those of a list by its length', () => {
    expect(cost('{ figure(id: "a") { id caption } }')).toBe(3);
    expect(cost(`{ nodes(ids: ${ids(10)}) { id } }`)).toBe(1 + 10 * 2);
    expect(cost('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] })).toBe(1 + 3 * 2);
  });

  it('multiplies by first, by its default, and by what a list without it is bounded by', () => {
    const panels = (first: string): number => cost(`{ figure(id: "a") { panels${first} { id } } }`);
    expect(panels('(first: 3)')).toBe(2 + 3 * 2);
    expect(panels('')).toBe(2 + 50 * 2);
    expect(panels('(first: null)')).toBeGreaterThanOrEqual(2 + 50 * 2);
    const hits = (first: string): number =>
      cost(`{ searchFigures(query: {text: "a"}${first}) { nodes { evidence { rank } } } }`);
    expect(hits(', first: 5') - hits(', first: 4')).toBe(1 + 1 + 3 * 2);
    expect(hits('')).toBe(hits(', first: 20'));
    // A page is never longer than the server gives.
    expect(hits(', first: 1000')).toBe(hits(', first: 200'));
  });

  it('counts aliases, and fragments at every spread, by the type that costs most', () => {
    const one = cost('{ figure(id: "a") { id } }');
    expect(cost('{ a: figure(id: "a") { id } b: figure(id: "a") { id } }')).toBe(2 * one);
    const fragment = 'fragment F on Figure { panels { id } }';
    const spread = (times: number): number =>
      cost(`{ ${Array.from({ length: times }, (_, i) => `a${i}: figure(id: "a") { ...F }`).join(' ')} } ${fragment}`);
    expect(spread(3)).toBe(3 * spread(1));
    const figure = cost('{ nodes(ids: ["a"]) { ... on Figure { id caption alt } } }');
    expect(cost('{ nodes(ids: ["a"]) { ... on Figure { id caption alt } ... on Mask { prompt } } }')).toBe(figure);
  });

  it('leaves out what @skip and @include leave out, and counts all else', () => {
    const text = 'query ($no: Boolean!) { figure(id: "a") { id panels @include(if: $no) { id } } }';
    expect(cost(text, { no: false })).toBe(2);
    expect(cost(text, { no: true })).toBe(3 + 50 * 2);
    expect(cost('{ figure(id: "a") { id @skip(if: true) caption @skip(if: false) } }')).toBe(2);
  });

  it.each([
    [
      'Article.figures',
      '{ searchFigures(query: {text: "a"}) { nodes { figure { article { figures { article { figures { id } } } } } } } }',
    ],
    [
      'figure, masks, panel',
      '{ figure(id: "a") { masks { panel { figure { masks { panel { figure { masks { id } } } } } } } } }',
    ],
    [
      'nodes by aliases',
      `query ($i: [ID!]!) { ${Array.from({ length: 30 }, (_, i) => `a${i}: nodes(ids: $i) { id }`).join(' ')} }`,
    ],
    ['masks of many', `{ nodes(ids: ${ids(100)}) { ... on Figure { mask(prompt: "x") { id } } } }`],
    [
      'similar of similar',
      '{ figure(id: "a") { similar { nodes { figure { similar { nodes { figure { duplicates { id } } } } } } } } }',
    ],
  ])('refuses %s with what it costs and what is allowed', (_name, text) => {
    const variables = { i: Array.from({ length: 1000 }, (_, i) => `fig_${i}`) };
    expect(() => {
      checkCost(asked(text, variables), limits);
    }).toThrow(/costs at most 30000 .*this one may cost \d{5,}/);
  });

  it('counts for each panel of a figure that is added that it is embedded', () => {
    const text = 'mutation ($input: AddFigureInput!) { addFigure(input: $input) { id } }';
    const box = { x: 0, y: 0, width: 1, height: 1 };
    const input = { caption: 'a', labels: ['b', 'c'] };
    const whole = cost(text, { input });
    expect(cost(text, { input: { ...input, panels: [] } })).toBe(whole);
    expect(cost(text, { input: { ...input, panels: [{ box }, { box }] } })).toBe(whole + 2 * 50);
    checkCost(asked(text, { input: { ...input, panels: Array(100).fill({ box }) } }), limits);
  });

  it('ends soon where fragments hold each other twice', () => {
    const chain = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Figure { ...F${i + 1} ...F${i + 1} }`);
    const text = `{ figure(id: "a") { ...F0 } } ${chain.join(' ')} fragment F60 on Figure { id }`;
    expect(() => cost(text)).toThrow(/20000 selections/);
  });

  it('allows introspection, a page of hits with similar figures, and all the page asks for at its longest', () => {
    checkCost(asked(getIntrospectionQuery()), limits);
    const similar = 'similar { nodes { figure { id } } }';
    checkCost(asked(`{ searchFigures(query: {text: "a"}, first: 50) { nodes { figure { ${similar} } } } }`), limits);
    const folder = path.join(packageRoot, 'web/src');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.graphql'),
    );
    const text = files.map((name) => readFileSync(path.join(folder, name), 'utf8')).join('\n');
    const variables = {
      ...{ query: { text: 'a' }, first: 100, id: 'fig_a', text: 'a', figureId: 'fig_a', prompt: 'a' },
      ...{ imageType: 'CT', waitMs: 1, sort: 'NEWEST', format: 'BIBTEX', figureIds: Array<string>(100).fill('fig_a') },
      ids: Array<string>(200).fill('fig_a'),
    };
    for (const name of [...text.matchAll(/^query (\w+)/gm)].map(([, found]) => found ?? '')) {
      expect({ name, cost: computeCost(asked(text, variables, name), 200) }).toEqual({
        name,
        cost: expect.any(Number),
      });
      checkCost(asked(text, variables, name), limits);
    }
  });

  it('knows of every list of the schema how long it can be', () => {
    const unknown: string[] = [];
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) || ['Query', 'Mutation'].includes(type.name)) continue;
      for (const { name, type: fieldType, args } of Object.values(type.getFields())) {
        if (!isListType(getNullableType(fieldType)) || args.some((one) => one.name === 'first')) continue;
        const isOfConnection = ['nodes', 'edges'].includes(name) && type.name.endsWith('Connection');
        if (!isOfConnection && !hasKnownLength(type.name, name))
          unknown.push(`${type.name}.${name}: ${getNamedType(fieldType).name}`);
      }
    }
    expect(unknown).toEqual([]);
  });
});
