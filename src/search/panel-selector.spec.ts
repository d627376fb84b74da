import { describe, expect, it } from '@jest/globals';
import { FigseekError } from '../domain/errors.js';
import type { Panel } from '../domain/figure.js';
import { figureIdOf, panelIdOf, type PanelId } from '../domain/ids.js';
import { PanelSelector } from './panel-selector.js';

const figureId = figureIdOf('compound');
const box = { x: 0, y: 0, width: 10, height: 10 };
const panel = (ordinal: number): Panel => ({
  ...{ id: panelIdOf(figureId, ordinal), figureId, label: String(ordinal), caption: null, box },
});
const panels = [0, 1, 2, 3].map(panel);
const vectors: ReadonlyMap<PanelId, Float32Array> = new Map([
  [panelIdOf(figureId, 1), Float32Array.of(1, 0)],
  [panelIdOf(figureId, 2), Float32Array.of(0, 1)],
  [panelIdOf(figureId, 3), Float32Array.of(0, 1)],
]);

/** Texts are two numbers. */
function bestPanels(known = vectors, fault?: FigseekError): PanelSelector {
  const encodeTexts = ([text = '']: readonly string[]) =>
    fault === undefined ? Promise.resolve([Float32Array.from(text.split(' '), Number)]) : Promise.reject(fault);
  return new PanelSelector('space', { encodeTexts }, { imageVectorsOfPanels: () => Promise.resolve(known) });
}

describe('the best panel', () => {
  it('is the one most like each text, of equal ones the first, never the whole figure', async () => {
    const best = await bestPanels().select(panels, ['0.6 0.8', '1 0', '0 1']);
    expect(best.map(({ label }) => label)).toEqual(['2', '1', '2']);
  });

  it('is the only one there is, the whole figure last', async () => {
    const fault = new FigseekError('RATE_LIMITED', 'not asked');
    expect(await bestPanels(vectors, fault).select([panel(0)], ['a', 'b'])).toEqual([panel(0), panel(0)]);
    expect(await bestPanels(vectors, fault).select([panel(0), panel(1)], ['a'])).toEqual([panel(1)]);
    await expect(bestPanels().select([], ['a'])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is the first one where one of them has no vector, or the model cannot run', async () => {
    const some = new Map([...vectors].slice(1));
    expect(await bestPanels(some).select(panels, ['0 1'])).toEqual([panel(1)]);
    const fault = new FigseekError('MODEL_UNAVAILABLE', 'it ended');
    expect(await bestPanels(vectors, fault).select(panels, ['0 1'])).toEqual([panel(1)]);
  });

  it('is not told where the model is busy: another panel would be another mask', async () => {
    const busy = bestPanels(vectors, new FigseekError('RATE_LIMITED', 'busy')).select(panels, ['0 1']);
    await expect(busy).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});
