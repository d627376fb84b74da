import { describe, expect, it } from '@jest/globals';
import { refusalOfHost, refusalOfOrigin } from './request-source.js';

const settings = { host: '127.0.0.1', allowedHosts: ['figseek.example.org', '.lab.example'] };

describe('the name by which a request calls the server', () => {
  it.each([
    ...['localhost:3000', 'localhost', 'LOCALHOST:3000', 'app.localhost', '127.0.0.1:3000', '127.9.9.9', '[::1]:3000'],
    ...[
      '192.168.1.20:3000',
      '[fe80::1]',
      'figseek.example.org',
      'Figseek.Example.org:443',
      'a.lab.example',
      'lab.example',
    ],
    ...['localhost.:3000', undefined],
  ])('may be %s', (host) => {
    expect(refusalOfHost(host === undefined ? {} : { host }, settings)).toBeNull();
  });

  it.each([
    ...['evil.example', 'evil.example:3000', 'localhost.evil.example', '127.0.0.1.evil.example', 'xlab.example'],
    ...['evil.figseek.example.org', 'localhost@evil.example', '', 'a b', '127.0.0.1:99999999'],
  ])('may not be %j, which is told with the setting', (host) => {
    expect(refusalOfHost({ host }, settings)).toMatch(/FIGSEEK_ALLOWED_HOSTS/);
  });

  it('may be the configured host', () => {
    expect(refusalOfHost({ host: 'Box.local:3000' }, { host: 'box.local', allowedHosts: [] })).toBeNull();
  });
});

describe('the origin of a request that may change something', () => {
  const host = '127.0.0.1:3000';

  it('may be none, the server itself, or a page of an allowed host', () => {
    expect(refusalOfOrigin({ host }, settings)).toBeNull();
    expect(refusalOfOrigin({ host, 'sec-fetch-site': 'none' }, settings)).toBeNull();
    expect(
      refusalOfOrigin({ host, origin: 'http://127.0.0.1:3000', 'sec-fetch-site': 'same-origin' }, settings),
    ).toBeNull();
    expect(refusalOfOrigin({ host, origin: 'https://figseek.example.org' }, settings)).toBeNull();
  });

  it.each([
    { origin: 'http://evil.example' },
    { origin: 'http://127.0.0.1:8080' },
    { origin: 'http://localhost:3000' },
    { origin: 'null' },
    { origin: 'file://' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ] as const)('may not be %j', (headers) => {
    expect(refusalOfOrigin({ host, ...headers }, settings)).toMatch(/own pages/);
  });
});
