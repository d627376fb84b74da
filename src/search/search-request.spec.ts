import { describe, expect, it } from '@jest/globals';
import { checkedRequest, type SearchRequest } from './search-request.js';

const request: SearchRequest = { text: ' gel ', not: null, image: null, channels: null, first: 20, exact: false };

describe('checkedRequest', () => {
  it('trims the text and takes the channels that apply', () => {
    expect(checkedRequest(request, 200)).toMatchObject({
      text: 'gel',
      first: 20,
      channels: ['IMAGE', 'CAPTION', 'KEYWORD'],
    });
  });

  it('gives at most what the server is configured to give, also where nobody said how many', () => {
    expect(checkedRequest(request, 10).first).toBe(10);
  });

  it.each([0, -1, 1.5, 1001, NaN])('refuses %p hits', (first) => {
    expect(() => checkedRequest({ ...request, first }, 200)).toThrow(/first to be from 1 to 1000/);
  });
});
