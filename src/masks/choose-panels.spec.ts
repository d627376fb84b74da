import { describe, expect, it } from '@jest/globals';
import type { Panel } from '../domain/figure.js';
import { figureIdOf, panelIdOf } from '../domain/ids.js';
import { choosePanels, type BestPanels } from './choose-panels.js';

const figureId = figureIdOf('figure');
const [whole, a, b] = [0, 1, 2].map((ordinal) => panel(ordinal)) as [Panel, Panel, Panel];

function panel(ordinal: number): Panel {
  const box = { x: 0, y: 0, width: 1, height: 1 };
  return { id: panelIdOf(figureId, ordinal), figureId, label: null, caption: null, box };
}

/** Takes the last panel for each text. */
const last: BestPanels = { select: (panels, texts) => Promise.resolve(texts.map(() => panels.at(-1) ?? whole)) };
const never: BestPanels = { select: () => Promise.reject(new Error('no model was to be asked')) };

describe('the panel of a prompt', () => {
  it('is the one that is asked for', async () => {
    expect(await choosePanels([whole, a, b], ['x', 'y'], a.id, never)).toEqual([a, a]);
  });

  it('is the only one beside the whole figure, or the whole figure, without a model', async () => {
    expect(await choosePanels([whole, a], ['x'], null, never)).toEqual([a]);
    expect(await choosePanels([whole], ['x'], null, never)).toEqual([whole]);
  });

  it('is the one that fits it best where there are several', async () => {
    expect(await choosePanels([whole, a, b], ['x', 'y'], null, last)).toEqual([b, b]);
  });

  it('cannot be one of another figure', async () => {
    await expect(choosePanels([whole, a], ['x'], 'pan_0_0', last)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: `Expected a panel of this figure (${whole.id}, ${a.id}) but received pan_0_0`,
    });
  });
});
