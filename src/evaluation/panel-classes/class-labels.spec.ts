import { describe, expect, it } from '@jest/globals';
import type { FigureId } from '../../domain/ids.js';
import { classByLabels, classOfRecord, parseClassLabels } from './class-labels.js';

const figure = (modality: string | null, labels: readonly string[] = []) =>
  ({ id: 'fig_1' as FigureId, sourceKey: 'one', modality, labels }) as const;

describe('the class of a figure', () => {
  it.each([
    ['x-ray', [], 'x-ray'],
    ['Light Microscopy', [], 'light-microscopy'],
    ['chart', [], 'plot'],
    [null, ['chest', 'radiograph'], 'x-ray'],
    ['unheard of', ['H&E'], 'histology'],
    [null, ['ct', 'mri'], null],
    [null, ['liver'], null],
  ] as const)('is read from modality %s and labels %j', (modality, labels, expected) => {
    expect(classOfRecord(figure(modality, labels))).toBe(expected);
  });

  it('is read from a file, by the id of the figure or of its record', () => {
    const labels = parseClassLabels('{"id": "fig_1", "class": "CT"}\n\n{"id": "two", "class": "western blot"}\n');
    const classOf = classByLabels(labels);
    expect(classOf(figure('mri'))).toBe('ct');
    expect(classOf({ ...figure(null), id: 'fig_2' as FigureId, sourceKey: 'two' })).toBe('gel-or-blot');
    expect(classOf({ ...figure('mri'), id: 'fig_3' as FigureId })).toBeNull();
  });

  it.each([
    ['{"id": "a", "class": "ct"}\nnonsense', 'Line 2: expected {"id": "…", "class": "…"} but received nonsense'],
    ['{"id": "a", "class": "gravity"}', 'but received gravity'],
    ['{"id": "a", "class": "ct"}\n{"id": "a", "class": "mri"}', 'Line 2: expected each id once but received a again'],
  ])('refuses %j', (content, message) => {
    expect(() => parseClassLabels(content)).toThrow(message);
  });
});
