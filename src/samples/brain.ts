import { Canvas, gray } from './canvas.js';
import { finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, ellipse, outline, stroke, union, type Shape } from './shapes.js';

interface BrainLook {
  readonly scalp: number;
  readonly skull: number;
  readonly cortex: number;
  readonly white: number;
  readonly fluid: number;
  readonly lesion: number;
  readonly grain: number;
}

const sequences: Readonly<Record<'T1' | 'T2' | 'FLAIR', BrainLook>> = {
  T1: { scalp: 210, skull: 20, cortex: 96, white: 152, fluid: 22, lesion: 66, grain: 6 },
  T2: { scalp: 150, skull: 14, cortex: 140, white: 86, fluid: 236, lesion: 208, grain: 6 },
  FLAIR: { scalp: 130, skull: 12, cortex: 132, white: 92, fluid: 20, lesion: 232, grain: 6 },
};

const mri: FigureKind = {
  name: 'brain MRI',
  modality: 'mri',
  sketch: (random) => {
    const sequence = random.pick(['T1', 'T2', 'FLAIR'] as const);
    const finding = random.pick(['normal', 'tumour', 'white matter lesions', 'enlarged ventricles'] as const);
    const side = random.pick(['left', 'right']);
    const tone = sequence === 'T1' ? 'dark' : 'bright';
    const words = {
      normal: 'a normal brain without a lesion',
      tumour: `a ${tone} tumour in the ${side} hemisphere`,
      'white matter lesions': `several small ${tone} white matter lesions`,
      'enlarged ventricles': 'enlarged lateral ventricles',
    }[finding];
    const named = random.pick([
      `axial ${sequence} brain MRI`,
      `brain MRI, ${sequence}-weighted axial slice`,
      `${sequence} magnetic resonance image of the brain`,
    ]);
    return {
      caption: sentence(random.pick([`${named} with ${words}`, `${named} showing ${words}`, `${words}; ${named}`])),
      labels: [sequence, finding, ...(finding === 'tumour' ? [side] : [])],
      draw: () => drawBrain(random.fork('drawing'), sequences[sequence], finding, side === 'right' ? -1 : 1),
    };
  },
};

const headCt: FigureKind = {
  name: 'head CT',
  modality: 'ct',
  sketch: (random) => {
    const finding = random.pick(['normal', 'haemorrhage', 'infarct', 'subdural haematoma'] as const);
    const side = random.pick(['left', 'right']);
    const words = {
      normal: 'no bleeding',
      haemorrhage: `a bright intracerebral haemorrhage on the ${side}`,
      infarct: `a dark infarct in the ${side} hemisphere`,
      'subdural haematoma': `a crescent-shaped ${side} subdural haematoma`,
    }[finding];
    const named = random.pick([
      'non-contrast head CT',
      'head CT, axial slice',
      'computed tomography of the head (head CT)',
    ]);
    return {
      caption: sentence(
        random.pick([
          `${named} with ${words}`,
          `${named}: ${words}`,
          `${named} showing ${words} inside the white skull`,
        ]),
      ),
      labels: ['CT', finding, ...(finding === 'normal' ? [] : [side])],
      draw: () => {
        const drawing = random.fork('drawing');
        const look = {
          scalp: 60,
          skull: 250,
          cortex: 112,
          white: 96,
          fluid: 40,
          lesion: finding === 'infarct' ? 62 : 220,
          grain: 7,
        };
        return drawBrain(drawing, look, finding, side === 'right' ? -1 : 1);
      },
    };
  },
};

function drawBrain(random: Random, look: BrainLook, finding: string, side: number): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(320, 340), random.whole(350, 370), gray(4));
  const [x, y] = [canvas.width / 2 + random.between(-5, 5), canvas.height / 2];
  const [rx, ry] = [random.between(118, 128), random.between(148, 160)];
  canvas.fill(ellipse(x, y, rx + 12, ry + 12), gray(look.scalp), { soft: 3 });
  canvas.fill(ellipse(x, y, rx + 5, ry + 5), gray(look.skull), { soft: 3 });
  const brain = blob(random, x, y, rx - 8, ry - 8, 0.008);
  canvas.fill(brain, gray(look.fluid), { soft: 2 });
  const folds = noiseField(random, 15, 2);
  const wander = noiseField(random, 34, 2);
  canvas.texture(brain, (px, py) => {
    const depth = -brain.distance(px, py);
    const fold = Math.abs(folds(px, py)) * 26;
    if (depth < fold * 0.45) return gray(look.fluid * 0.6 + look.cortex * 0.4);
    return gray(depth < 16 + fold * 0.9 + wander(px, py) * 8 ? look.cortex : look.white);
  });
  canvas.fill(stroke([x, y - ry + 8], [x, y + ry - 8], 3), gray(look.fluid), { soft: 2 });
  const wide = finding === 'enlarged ventricles' ? 2 : 1;
  const ventricles = [-1, 1].flatMap((s) => [
    ellipse(x + s * 15 * (1 + 0.4 * (wide - 1)), y - 26, 9 * wide, 34, s * 0.3),
    ellipse(x + s * 25 * (1 + 0.3 * (wide - 1)), y + 32, 7 * wide, 26, s * -0.45),
  ]);
  for (const s of [-1, 1]) canvas.fill(ellipse(x + s * 34, y + 2, 13, 27, s * -0.3), gray(look.cortex), { soft: 4 });
  for (const ventricle of ventricles) canvas.fill(ventricle, gray(look.fluid), { soft: 3 });
  const lesion = drawLesion(
    canvas,
    random,
    finding,
    look,
    brain,
    x + side * random.between(50, 66),
    y + random.between(-50, 50),
    side,
  );
  canvas.blur(1);
  canvas.grain(random, look.grain);
  return finished(canvas, {
    brain,
    ventricles: union(...ventricles),
    ...(lesion === null ? {} : { [finding]: lesion }),
  });
}

function drawLesion(
  canvas: Canvas,
  random: Random,
  finding: string,
  look: BrainLook,
  brain: Shape,
  x: number,
  y: number,
  side: number,
): Shape | null {
  if (finding === 'tumour' || finding === 'haemorrhage') {
    const mass = blob(random, x, y, random.between(20, 34), random.between(18, 30), 0.09);
    canvas.fill(mass, gray(look.lesion), { soft: 5 });
    if (finding === 'tumour') canvas.fill(outline(mass, 4), gray((look.lesion + look.cortex) / 2), { soft: 3 });
    return mass;
  }
  if (finding === 'infarct') {
    const area = blob(random, x + side * 10, y, 38, 48, 0.12);
    canvas.fill(area, gray(look.lesion), { soft: 14, alpha: 0.85 });
    return area;
  }
  if (finding === 'subdural haematoma') {
    const inner = ellipse((brain.box[0] + brain.box[2]) / 2 - side * 22, (brain.box[1] + brain.box[3]) / 2, 104, 150);
    const crescent: Shape = {
      box: brain.box,
      distance: (px, py) =>
        Math.max(brain.distance(px, py), -inner.distance(px, py), side > 0 ? x - 30 - px : px - x - 30),
    };
    canvas.fill(crescent, gray(look.lesion), { soft: 3 });
    return crescent;
  }
  if (finding === 'white matter lesions') {
    const middle = x - side * 58;
    const spots = Array.from({ length: random.whole(5, 9) }, () =>
      ellipse(
        middle + random.pick([-1, 1]) * random.between(28, 60),
        y + random.between(-55, 55),
        random.between(4, 8),
        random.between(4, 7),
      ),
    );
    for (const spot of spots) canvas.fill(spot, gray(look.lesion), { soft: 3 });
    return union(...spots);
  }
  return null;
}

export const brainKinds: readonly FigureKind[] = [mri, headCt];
