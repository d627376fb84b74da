import { describe, expect, it } from '@jest/globals';
import { MediaNames } from './media-names.js';

describe('MediaNames', () => {
  it.each([
    ['the very name', ['a/fig1.png'], ['fig1.jpg', 'fig1.png'], 'a/fig1.png'],
    ['a name without suffix', ['a/fig1.gif', 'a/fig1.jpg'], ['fig1'], 'a/fig1.jpg'],
    [
      'a name with points that are no suffix',
      ['pone.0000217.g001.png'],
      ['pone.0000217.g001'],
      'pone.0000217.g001.png',
    ],
    ['a TIFF that was published as JPEG', ['elife-1-fig1.jpg'], ['elife-1-fig1.tif'], 'elife-1-fig1.jpg'],
    ['an address', ['g001.jpg'], ['info:doi/10.1371/journal.x/g001'], 'g001.jpg'],
    ['a path', ['images/one/F1.JPG', 'images/two/F1.JPG'], ['images/two/f1.jpg'], 'images/two/F1.JPG'],
    ['a name with signs', ['Abb ü 1.png'], ['Abb%20u%CC%88%201.png'], 'Abb ü 1.png'],
    ['the best of several', ['x.tif', 'y.png'], ['x.tif', 'y.png'], 'x.tif'],
    ['nothing that is no picture', ['fig1.csv', 'fig1.mp4'], ['fig1', 'fig1.csv'], null],
    ['nothing by half a name', ['fig10.jpg'], ['fig1'], null],
  ])('finds %s', (_what, files, wanted, found) => {
    expect(new MediaNames(files).find(wanted)).toBe(found);
  });

  it('keeps to the folder of the article, and guesses nothing where several files have the name', () => {
    const names = new MediaNames([
      'one/fig1.jpg',
      'two/fig1.jpg',
      'two/images/fig1.jpg',
      'three/a/f.jpg',
      'three/b/f.jpg',
    ]);
    expect(names.find(['fig1.jpg'], 'two')).toBe('two/fig1.jpg');
    expect(names.find(['images/fig1.jpg'], 'two')).toBe('two/images/fig1.jpg');
    expect(names.find(['fig1'], 'one')).toBe('one/fig1.jpg');
    expect(names.find(['f.jpg'], 'three')).toBeNull();
    expect(names.find(['fig1.jpg'], 'four')).toBeNull();
  });

  it('tells which files no figure named, and which are forms of a picture that one named', () => {
    const names = new MediaNames(['f1.jpg', 'f1.gif', 'other.png']);
    names.find(['f1']);
    expect(names.unused()).toEqual(['f1.gif', 'other.png']);
    expect(names.isFurtherForm('f1.gif')).toBe(true);
    expect(names.isFurtherForm('other.png')).toBe(false);
  });
});
