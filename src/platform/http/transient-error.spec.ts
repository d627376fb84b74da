import { describe, expect, it } from '@jest/globals';
import { networkFault, retryAfterOf } from './transient-error.js';

describe('retryAfterOf', () => {
  it('reads seconds and dates', () => {
    expect(retryAfterOf('7')).toBe(7000);
    expect(retryAfterOf('Thu, 01 Jan 1970 00:00:09 GMT', 2000)).toBe(7000);
    expect(retryAfterOf('soon')).toBe(null);
    expect(retryAfterOf(null)).toBe(null);
  });
});

describe('networkFault', () => {
  it.each([
    ['ENOTFOUND', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'unreachable'],
    ['UND_ERR_BODY_TIMEOUT', 'stalled'],
    ['ECONNRESET', 'failed'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'failed'],
  ])('says of %s that the host is %s', (code, kind) => {
    const fault = networkFault('the file', Object.assign(new Error('it broke'), { code }));
    expect(fault).toMatchObject({ kind, message: expect.stringContaining('the file') });
  });
});
