import { Canvas, gray } from './canvas.js';
import { finished, lungFields, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, ellipse, outline, rectangle, smoothPolygon, stroke, type Point, type Shape } from './shapes.js';

const chest: FigureKind = {
  name: 'chest radiograph',
  modality: 'x-ray',
  sketch: (random) => {
    const view = random.pick(['AP', 'PA']);
    const finding = random.pick([
      'normal',
      'consolidation',
      'nodule',
      'effusion',
      'cardiomegaly',
      'pneumothorax',
    ] as const);
    // On the film the patient's right side is on the left.
    const side = random.pick(['right', 'left']);
    const words = {
      normal: 'clear lung fields and a normal heart size',
      consolidation: `consolidation in the ${side} lower lung zone`,
      nodule: `a solitary round nodule in the ${side} lung`,
      effusion: `a ${side} pleural effusion that blunts the costophrenic angle`,
      cardiomegaly: 'cardiomegaly: the heart is wider than half of the chest',
      pneumothorax: `a ${side} pneumothorax without lung markings at the edge`,
    }[finding];
    const named = random.pick([
      `chest radiograph, ${view} view`,
      `${view} chest X-ray`,
      `frontal chest radiograph (${view})`,
    ]);
    const caption = random.pick([
      `${named}, showing ${words}`,
      `${named} of an adult with ${words}`,
      `${words}. ${sentence(named)}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['radiograph', view, finding, ...(finding === 'normal' || finding === 'cardiomegaly' ? [] : [side])],
      draw: () => drawChest(random.fork('drawing'), finding, side === 'right' ? -1 : 1, view === 'AP'),
    };
  },
};

function drawChest(random: Random, finding: string, side: number, flat: boolean): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(360, 440), 360, gray(random.whole(6, 24)));
  const middle = canvas.width / 2 + random.between(-8, 8);
  const reach = random.between(118, 134);
  canvas.fill(ellipse(middle, 240, reach + 40, 240), gray(112), { soft: 40 });
  canvas.fill(rectangle(middle - 26, 0, 52, 110, 20), gray(140), { soft: 24 });
  const lungs = [-1, 1].map((s) => {
    const at = (x: number, y: number): Point => [middle + s * x, y];
    const top = random.between(62, 74);
    const base = random.between(258, 280) - (s < 0 ? 10 : 0);
    return smoothPolygon([
      at(34, top + 14),
      at(66, top),
      at(96, top + 50),
      at(reach - 10, base - 70),
      at(reach - 8, base),
      at(70, base - 16),
      at(s > 0 ? 58 : 30, base - 24),
      at(26, 150),
    ]);
  });
  for (const lung of lungs) canvas.fill(lung, gray(34), { soft: 14 });
  for (let rib = 0; rib < 8; rib++) for (const s of [-1, 1]) drawRib(canvas, middle, s, 70 + rib * 26, reach);
  for (const s of [-1, 1]) canvas.add(stroke([middle + s * 14, 72], [middle + s * 105, 50], 12, 9), 42, 5);
  canvas.add(rectangle(middle - 15, 0, 30, 360, 6), 46, 10);
  for (let i = 0; i < 14; i++) canvas.add(rectangle(middle - 14, i * 26, 28, 3), -14, 4);
  const heart = blob(
    random,
    middle + 22,
    226,
    (finding === 'cardiomegaly' ? 100 : 62) + (flat ? 6 : 0),
    62,
    0.04,
    0.35,
  );
  canvas.fill(heart, gray(164), { soft: 16, alpha: 0.92 });
  canvas.add(ellipse(middle + 20, 130, 18, 24), 60, 14);
  for (let i = 0; i < 46; i++) drawVessel(canvas, random, middle);
  canvas.add(ellipse(middle - 78, 330, 110, 62), 62, 12);
  canvas.add(ellipse(middle + 84, 344, 100, 60), 48, 12);
  const spot = drawFinding(canvas, random, finding, middle + side * 84, side, reach + middle * 0);
  canvas.text(random.pick(['R', 'R']), [14, 24], gray(235), 3);
  const haze = noiseField(random, 30, 3);
  canvas.shade((value, x, y) => value + haze(x, y) * 5);
  canvas.blur(1);
  canvas.grain(random, 4);
  return finished(canvas, {
    ...lungFields(lungs),
    heart,
    ...(spot === null ? {} : { [finding]: spot }),
  });
}

function drawRib(canvas: Canvas, middle: number, side: number, y: number, reach: number): void {
  const points = [0.1, 0.3, 0.5, 0.7, 0.85, 0.97].map((t): Point => {
    return [middle + side * reach * t, y - 14 * Math.sin(t * 3.14) + 44 * t * t];
  });
  points.slice(1).forEach((point, i) => {
    canvas.add(stroke(points[i] ?? point, point, 8), 17, 4);
  });
}

function drawVessel(canvas: Canvas, random: Random, middle: number): void {
  const side = random.pick([-1, 1]);
  const angle = random.between(-1, 1.2);
  const length = random.between(20, 70);
  const from: Point = [middle + side * random.between(30, 50), random.between(140, 200)];
  canvas.add(
    stroke(from, [from[0] + side * Math.cos(angle) * length, from[1] + Math.sin(angle) * length], 5, 1),
    18,
    3,
  );
}

function drawFinding(
  canvas: Canvas,
  random: Random,
  finding: string,
  x: number,
  side: number,
  reach: number,
): Shape | null {
  if (finding === 'consolidation') {
    const patch = blob(random, x, random.between(220, 240), 38, 32, 0.16);
    canvas.add(patch, 88, 26);
    return patch;
  }
  if (finding === 'nodule') {
    const nodule = ellipse(x + random.between(-14, 14), random.between(110, 200), 13, 13);
    canvas.add(nodule, 100, 5);
    return nodule;
  }
  if (finding === 'effusion') {
    const middle = x - side * 84;
    const level = random.between(205, 240);
    const fluid = smoothPolygon([
      [middle + side * 24, level + 42],
      [middle + side * 80, level + 22],
      [middle + side * (reach - 4), level - 16],
      [middle + side * (reach - 4), 310],
      [middle + side * 24, 310],
    ]);
    canvas.add(fluid, 120, 12);
    return fluid;
  }
  if (finding === 'pneumothorax') {
    const rim = ellipse(x + side * 22, 140, 20, 76, side * -0.12);
    canvas.add(rim, -30, 5);
    canvas.add(outline(rim, 2), 50, 2);
    return rim;
  }
  return null;
}

export const chestKinds: readonly FigureKind[] = [chest];
