import { describe, expect, it } from '@jest/globals';
import { checkedRequest, plainRequest, type SearchRequest } from './search-request.js';

const request: SearchRequest = { ...plainRequest, terms: [{ kind: 'text', text: ' gel ', weight: 1 }] };

describe('checkedRequest', () => {
  it('trims the text and takes the channels that apply', () => {
    const { terms, first, channels } = checkedRequest(request, 200);
    expect(terms).toMatchObject([{ text: 'gel' }]);
    expect({ first, channels }).toEqual({ first: 20, channels: ['IMAGE', 'CAPTION', 'KEYWORD'] });
  });

  it('gives at most what the server is configured to give, also where nobody said how many', () => {
    expect(checkedRequest(request, 10).first).toBe(10);
  });

  it.each([0, -1, 1.5, 1001, NaN])('refuses %p hits', (first) => {
    expect(() => checkedRequest({ ...request, first }, 200)).toThrow(/first to be from 1 to 1000/);
  });
});
