import { Command } from 'commander';
import { describe, expect, it } from '@jest/globals';
import { describeSettings, readAgainst, withAgainstOptions, wordsOfAgainst } from './against-options.js';

function parse(...words: readonly string[]) {
  const command = withAgainstOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(words, { from: 'user' }).opts();
}

describe('options that name other settings', () => {
  it('are read, told in words, and given again', () => {
    const words = [
      ...['--against-weights', 'image=2,caption=0.5', '--against-channels', 'image,keyword'],
      ...['--against-depth', '500', '--against-no-expand'],
    ];
    const options = parse(...words);
    const settings = readAgainst(options);
    expect(settings).toEqual({
      ...{ weights: { IMAGE: 2, CAPTION: 0.5 }, channels: ['IMAGE', 'KEYWORD'] },
      ...{ depth: 500, expand: false },
    });
    expect(settings === null ? '' : describeSettings(settings)).toBe(
      'weights IMAGE=2 CAPTION=0.5, channels IMAGE KEYWORD, depth 500, without synonyms',
    );
    expect(wordsOfAgainst(options)).toEqual(words);
  });

  it('are none where none was given', () => {
    expect(readAgainst(parse())).toBeNull();
    expect(wordsOfAgainst(parse())).toEqual([]);
  });

  it.each([
    ['--against-weights', 'image'],
    ['--against-weights', 'image=-1'],
    ['--against-weights', 'image=101'],
    ['--against-weights', 'image=1=2'],
    ['--against-weights', 'sound=1'],
    ['--against-channels', 'sound'],
    ['--against-depth', '0'],
    ['--against-depth', '10001'],
  ])('are refused where they cannot be read: %s %s', (...words) => {
    expect(() => parse(...words)).toThrow(/expected/);
  });
});
