import { describe, expect, it } from '@jest/globals';
import { getIntrospectionQuery, GraphQLError } from 'graphql';
import { FigseekError } from '../../../domain/errors.js';
import { parseWithinLimits } from './document-limits.js';
import { checkVariables } from './variable-limits.js';

const maxTokens = 3000;
const repeated = (count: number, text: string): string => text.repeat(count);

describe('the limits on a document', () => {
  it.each([
    ['tokens', `{ ${repeated(300_000, 'a ')}}`, /3000 tokens/],
    ['directives', `{ a ${repeated(100_000, '@a ')}}`, /64 directives/],
    ['unknown variables', `{ a(b: [${repeated(300_000, '$x ')}]) }`, /256 mentions of variables/],
    ['brackets', `{ a(b: ${repeated(500_000, '[')}) }`, /64 nested brackets/],
    ['one field many times', `{ ${repeated(2000, 'id ')}}`, /fields of one name/],
    [
      'one field in many fragments',
      `{ ${repeated(2, '...F ')} ${repeated(120, '... { id } ')}} fragment F on Q { id }`,
      /fields of one name/,
    ],
    [
      'fragments that hold each other',
      `{ a { ...F0 } } ${Array.from({ length: 100 }, (_, i) => `fragment F${i} on Q { x { ...F${i + 1} } y { ...F${i + 1} } }`).join(' ')}`,
      /5000 selected fields/,
    ],
  ])('refuse too many %s', (_name, text, message) => {
    expect(() => parseWithinLimits(text, maxTokens)).toThrow(message);
    expect(() => parseWithinLimits(text, maxTokens)).toThrow(FigseekError);
  });

  it('let pass what people and tools ask for, and tell a fault of syntax as such', () => {
    parseWithinLimits(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true }), maxTokens);
    parseWithinLimits(`{ ${Array.from({ length: 90 }, () => 'id').join(' ')} }`, maxTokens);
    parseWithinLimits(`{ a(b: "${repeated(500_000, 'x')}") }`, maxTokens);
    expect(() => parseWithinLimits('{ a(', maxTokens)).toThrow(GraphQLError);
    expect(() => parseWithinLimits('{ a ...A } fragment A on Q { x { ...A } }', maxTokens)).not.toThrow();
  });
});

describe('the limits on variables', () => {
  it('refuse too many values and too many levels, however they are laid', () => {
    const flat = { ids: Array.from({ length: 20_001 }, String) };
    expect(() => {
      checkVariables(flat);
    }).toThrow(/20000 values/);
    const deep = JSON.parse(`${'{"not":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as unknown;
    expect(() => {
      checkVariables(deep);
    }).toThrow(/32 nested levels/);
    checkVariables({ filter: { labels: Array.from({ length: 1000 }, String) } });
    checkVariables(undefined);
    checkVariables('x');
  });
});
