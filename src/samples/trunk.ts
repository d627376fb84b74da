import { Canvas, gray } from './canvas.js';
import { counted, finished, lungFields, sentence, sides, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, circle, ellipse, polygon, union, type Shape } from './shapes.js';

const chestCt: FigureKind = {
  name: 'chest CT',
  modality: 'ct',
  sketch: (random) => {
    const finding = random.pick(['normal', 'nodule', 'ground-glass opacities', 'emphysema'] as const);
    const side = random.pick(['left', 'right']);
    const words = {
      normal: 'clear lungs',
      nodule: `a nodule in the ${side} lung`,
      'ground-glass opacities': 'bilateral ground-glass opacities',
      emphysema: 'emphysema with dark holes in both lungs',
    }[finding];
    const named = random.pick([
      'axial chest CT',
      'chest CT in the lung window',
      'computed tomography of the thorax (chest CT)',
    ]);
    return {
      caption: sentence(random.pick([`${named} with ${words}`, `${named} showing ${words}`, `${words} on ${named}`])),
      labels: ['CT', 'lung', finding, ...(finding === 'nodule' ? [side] : [])],
      draw: () => drawThorax(random.fork('drawing'), finding, side === 'right' ? -1 : 1),
    };
  },
};

function body(canvas: Canvas, random: Random, x: number, y: number): Shape {
  const trunk = ellipse(x, y, random.between(168, 182), random.between(118, 128));
  canvas.fill(trunk, gray(92), { soft: 3 });
  canvas.fill(ellipse(x, y, 156, 106), gray(142), { soft: 6 });
  return trunk;
}

function spine(canvas: Canvas, x: number, y: number): void {
  canvas.fill(circle(x, y, 20), gray(232), { soft: 4 });
  canvas.fill(circle(x, y, 14), gray(196), { soft: 5 });
  canvas.fill(
    polygon([
      [x - 26, y + 22],
      [x + 26, y + 22],
      [x, y + 46],
    ]),
    gray(226),
    { soft: 4 },
  );
  canvas.fill(circle(x, y + 25, 7), gray(120), { soft: 3 });
}

function drawThorax(random: Random, finding: string, side: number): ReturnType<typeof finished> {
  const canvas = new Canvas(400, random.whole(300, 320), gray(4));
  const [x, y] = [200, canvas.height / 2];
  body(canvas, random, x, y);
  for (let i = 0; i < 18; i++) {
    const angle = (i / 18) * 6.283 + 0.1;
    canvas.fill(ellipse(x + Math.cos(angle) * 142, y + Math.sin(angle) * 95, 16, 6, angle + 1.57), gray(230), {
      soft: 3,
    });
  }
  const lungs = [-1, 1].map((s) => blob(random, x + s * 76, y - 2, 56, 80, 0.05, s * 0.12));
  for (const lung of lungs) canvas.fill(lung, gray(28), { soft: 4 });
  canvas.fill(blob(random, x + 24, y - 18, 50, 46, 0.06), gray(150), { soft: 6 });
  spine(canvas, x, y + 74);
  canvas.fill(circle(x + 26, y + 52, 13), gray(172), { soft: 3 });
  for (let i = 0; i < 60; i++) {
    const lung = x + random.pick([-1, 1]) * random.between(44, 112);
    canvas.fill(circle(lung, y + random.between(-58, 58), random.between(0.8, 3)), gray(150), { soft: 2 });
  }
  const inLungs = union(...lungs);
  const haze = noiseField(random, 40, 3);
  if (finding === 'ground-glass opacities')
    canvas.texture(inLungs, (px, py) => gray(28 + Math.max(0, haze(px, py) + 0.1) * 150), { soft: 4, alpha: 0.75 });
  if (finding === 'emphysema')
    for (let i = 0; i < 50; i++)
      canvas.fill(
        circle(x + random.pick([-1, 1]) * random.between(46, 110), y + random.between(-55, 55), random.between(4, 10)),
        gray(4),
        { soft: 3 },
      );
  const nodule = blob(random, x + side * random.between(60, 100), y + random.between(-40, 40), 12, 11, 0.08);
  if (finding === 'nodule') canvas.fill(nodule, gray(175), { soft: 3 });
  canvas.blur(1);
  canvas.grain(random, 6);
  return finished(canvas, { ...lungFields(lungs), ...(finding === 'nodule' ? { nodule } : {}) });
}

const abdomenCt: FigureKind = {
  name: 'abdominal CT',
  modality: 'ct',
  sketch: (random) => {
    const finding = random.pick(['normal', 'liver tumour', 'liver cyst', 'kidney stone'] as const);
    const count = finding === 'liver tumour' ? random.whole(1, 4) : 1;
    const words = {
      normal: 'normal liver, spleen and kidneys',
      'liver tumour': counted(count, 'dark liver tumour'),
      'liver cyst': 'a round liver cyst',
      'kidney stone': 'a bright kidney stone',
    }[finding];
    const named = random.pick([
      'axial abdominal CT',
      'contrast-enhanced abdominal CT',
      'computed tomography of the abdomen (abdominal CT)',
    ]);
    return {
      caption: sentence(
        random.pick([
          `${named} with ${words}`,
          `${named} showing ${words}`,
          `${named} at the level of the liver: ${words}`,
        ]),
      ),
      labels: ['CT', 'liver', finding],
      draw: () => drawAbdomen(random.fork('drawing'), finding, count),
    };
  },
};

function drawAbdomen(random: Random, finding: string, count: number): ReturnType<typeof finished> {
  const canvas = new Canvas(400, random.whole(300, 320), gray(4));
  const [x, y] = [200, canvas.height / 2];
  body(canvas, random, x, y);
  canvas.fill(ellipse(x, y, 146, 96), gray(70), { soft: 5 });
  const liver = blob(random, x - 66, y - 22, 78, 62, 0.1, 0.25);
  canvas.fill(liver, gray(158), { soft: 4 });
  const spleen = blob(random, x + 108, y + 6, 26, 44, 0.08, 0.3);
  canvas.fill(spleen, gray(166), { soft: 4 });
  canvas.fill(blob(random, x + 58, y - 40, 48, 32, 0.12), gray(112), { soft: 4 });
  canvas.fill(ellipse(x + 56, y - 52, 26, 12), gray(14), { soft: 4 });
  const kidneys = [-1, 1].map((s) => blob(random, x + s * 76, y + 52, 22, 30, 0.06, s * 0.3));
  for (const kidney of kidneys) canvas.fill(kidney, gray(212), { soft: 4 });
  for (const s of [-1, 1]) canvas.fill(ellipse(x + s * 68, y + 52, 8, 13), gray(116), { soft: 4 });
  spine(canvas, x, y + 58);
  canvas.fill(circle(x + 8, y + 26, 12), gray(228), { soft: 3 });
  canvas.fill(ellipse(x - 18, y + 26, 12, 9), gray(180), { soft: 3 });
  const spots = Array.from({ length: count }, () =>
    blob(
      random,
      x - 74 + random.between(-36, 36),
      y - 22 + random.between(-30, 26),
      random.between(9, 18),
      random.between(9, 16),
      finding === 'liver cyst' ? 0.01 : 0.1,
    ),
  );
  if (finding === 'liver tumour') for (const spot of spots) canvas.fill(spot, gray(104), { soft: 4 });
  if (finding === 'liver cyst') for (const spot of spots) canvas.fill(spot, gray(52), { soft: 2 });
  if (finding === 'kidney stone') canvas.fill(circle(x + random.pick([-1, 1]) * 68, y + 54, 6), gray(255), { soft: 2 });
  canvas.blur(1);
  canvas.grain(random, 8);
  return finished(canvas, {
    liver,
    spleen,
    kidney: union(...kidneys),
    ...sides('kidney', kidneys),
    ...(finding === 'liver tumour' ? { tumour: union(...spots) } : {}),
    ...(finding === 'liver cyst' ? { cyst: union(...spots) } : {}),
  });
}

export const trunkKinds: readonly FigureKind[] = [chestCt, abdomenCt];
