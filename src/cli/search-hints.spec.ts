import { describe, expect, it } from '@jest/globals';
import { unconstrainedSearch } from './search-hints.js';

describe('the search for the words alone', () => {
  it.each([
    // [arguments, text, its words, command]
    [['search', '"a b"'], '"a b"', 'a b', "npx figseek search 'a b'"],
    [['--data', 'x y', 'search', '-x', 'label:a'], 'label:a', 'a', "npx figseek --data 'x y' search -x a"],
    [['search', '"-80" z', '--exact'], '"-80" z', '-80 z', "npx figseek search --exact -- '-80 z'"],
    [['search', '--', '-a "-80"'], '-a "-80"', '-80', 'npx figseek search -- -80'],
  ])('keeps the options of %j', (args, text, unconstrainedText, command) => {
    const sentence = unconstrainedSearch({ args, text, hasFilter: false, info: { unconstrainedText } });
    expect(sentence).toBe(`No figure holds what the query requires; this searches for its words alone: ${command}`);
  });

  it('is none where the answer is not empty for want of what the text requires', () => {
    const asked = { args: ['search', 'a'], text: 'a', hasFilter: true };
    expect(unconstrainedSearch({ ...asked, info: { unconstrainedText: null } })).toBeNull();
    expect(unconstrainedSearch({ ...asked, text: null, info: { unconstrainedText: 'a' } })).toBeNull();
  });
});
