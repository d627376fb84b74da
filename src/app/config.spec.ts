import { describe, expect, it } from '@jest/globals';
import { loadConfig, printable } from './config.js';

const nowhere = '/nonexistent';

describe('loadConfig', () => {
  it('runs everything embedded and on loopback by default', () => {
    const config = loadConfig({}, {}, nowhere);
    expect(config).toMatchObject({ data: '/nonexistent/data', host: '127.0.0.1', port: 3000, model: null });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lists every wrong and unknown key in one message', () => {
    const env = { FIGSEEK_PORT: 'many', FIGSEEK_PORTT: '3', FIGSEEK_PROVIDERS: 'abacus' };
    expect(() => loadConfig({}, env, nowhere)).toThrow(
      /3 wrong keys:[\s\S]*FIGSEEK_PORT\)[\s\S]*FIGSEEK_PROVIDERS\)[\s\S]*FIGSEEK_PORTT: unknown/,
    );
    expect(() => loadConfig({}, { FIGSEEK_PORT: 'many' }, nowhere)).toThrow(/has 1 wrong key:\n/);
  });

  it('takes the common token for the hub itself only, and prints none', () => {
    const token = { HF_TOKEN: 'hf_secret' };
    const config = loadConfig({}, token, nowhere);
    expect(config).toMatchObject({ hubUrl: 'https://huggingface.co', hubToken: 'hf_secret' });
    expect(JSON.stringify(printable(config))).not.toContain('hf_secret');
    const mirror = { FIGSEEK_HUB_URL: 'https://mirror.example/hub/' };
    expect(loadConfig({}, { ...token, ...mirror }, nowhere)).toMatchObject({
      hubUrl: 'https://mirror.example/hub',
      hubToken: null,
    });
    expect(loadConfig({}, { ...token, ...mirror, FIGSEEK_HUB_TOKEN: 'own' }, nowhere).hubToken).toBe('own');
  });

  it.each(['huggingface.co', 'ftp://hub.example', 'https://user:pass@hub.example'])('refuses the hub %s', (hub) => {
    expect(() => loadConfig({}, { FIGSEEK_HUB_URL: hub }, nowhere)).toThrow(/FIGSEEK_HUB_URL/);
  });

  it('lets the command line win over the environment', () => {
    expect(loadConfig({ port: 4000 }, { FIGSEEK_PORT: '3001' }, nowhere).port).toBe(4000);
  });
});
