import { describe, expect, it } from '@jest/globals';
import { TransientError } from '../platform/http/transient-error.js';
import { toHubError } from './hub-errors.js';

const asked = {
  headers: {},
  what: 'owner/model/weights.bin',
  repository: 'owner/model',
  page: 'https://hub.example/owner/model',
  fromHub: true,
  hasToken: false,
};

describe('faultOf', () => {
  it.each([
    [401, {}, false, 'make a token with read access at https://hub.example/settings/tokens and set FIGSEEK_HUB_TOKEN'],
    [
      401,
      { 'x-error-code': 'GatedRepo' },
      false,
      'accept the conditions at https://hub.example/owner/model and make a',
    ],
    [403, {}, true, 'your token may read it (accept the conditions at https://hub.example/owner/model)'],
    [401, { 'x-error-code': 'RepoNotFound' }, false, 'has no repository owner/model, or keeps it private (401)'],
    [404, { 'x-error-code': 'EntryNotFound' }, false, 'has no owner/model/weights.bin (404)'],
    [451, {}, false, 'answered 451 for owner/model/weights.bin'],
  ])('tells the user the fix of %i %j (token: %s)', (status, headers, hasToken, fix) => {
    const fault = toHubError({ ...asked, status, headers, hasToken });
    expect(fault).toMatchObject({ name: 'FigseekError', code: 'MODEL_UNAVAILABLE' });
    expect(fault.message).toContain(fix);
  });

  it('has busy hubs and expired addresses tried again', () => {
    const busy = { ...asked, status: 429, headers: { 'retry-after': '3' } };
    expect(toHubError(busy)).toMatchObject({ name: 'TransientError', retryAfterMs: 3000 });
    expect(toHubError({ ...asked, status: 502 })).toBeInstanceOf(TransientError);
    expect(toHubError({ ...asked, status: 403, fromHub: false })).toBeInstanceOf(TransientError);
  });
});
