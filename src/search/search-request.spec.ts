import { describe, expect, it } from '@jest/globals';
import { parseSearchRequest, defaultSearchRequest, type SearchRequest } from './search-request.js';

const request: SearchRequest = { ...defaultSearchRequest, terms: [{ kind: 'text', text: ' gel ', weight: 1 }] };

describe('checkedRequest', () => {
  it('trims the text and takes the channels that apply', () => {
    const { terms, first, channels } = parseSearchRequest(request, 200);
    expect(terms).toMatchObject([{ text: 'gel' }]);
    expect({ first, channels }).toEqual({ first: 20, channels: ['IMAGE', 'CAPTION', 'KEYWORD'] });
  });

  it('gives at most what the server is configured to give, also where nobody said how many', () => {
    expect(parseSearchRequest(request, 10).first).toBe(10);
  });

  it('refuses weights that leave no channel', () => {
    const channelWeights = { IMAGE: 0, CAPTION: 0, KEYWORD: 0 };
    const message = 'Expected a weight above 0 for one of IMAGE, CAPTION, KEYWORD but received none';
    expect(() => parseSearchRequest({ ...request, channelWeights }, 200)).toThrow(message);
    expect(() => parseSearchRequest({ ...request, channelWeights: { IMAGE: 0 }, channels: ['IMAGE'] }, 200)).toThrow(
      'Expected a weight above 0 for one of IMAGE',
    );
    expect(parseSearchRequest({ ...request, channelWeights: { IMAGE: 0, CAPTION: 0 } }, 200).first).toBe(20);
  });

  it.each([0, -1, 1.5, 1001, NaN])('refuses %p hits', (first) => {
    expect(() => parseSearchRequest({ ...request, first }, 200)).toThrow(/first to be from 1 to 1000/);
  });
});
