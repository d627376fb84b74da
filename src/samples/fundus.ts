import { Canvas, gray, type Color } from './canvas.js';
import { finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, circle, ellipse, stroke, type Point } from './shapes.js';

const fundus: FigureKind = {
  name: 'fundus photograph',
  modality: 'photograph',
  sketch: (random) => {
    const eye = random.pick(['left', 'right']);
    const finding = random.pick(['normal', 'diabetic retinopathy', 'glaucoma', 'drusen'] as const);
    const words = {
      normal: 'a normal retina',
      'diabetic retinopathy': 'diabetic retinopathy: red haemorrhages and yellow exudates',
      glaucoma: 'a large, pale optic cup as in glaucoma',
      drusen: 'yellow drusen around the macula',
    }[finding];
    const caption = random.pick([
      `fundus photograph of the ${eye} eye with ${words}`,
      `colour fundus photograph, ${eye} eye: ${words}; optic disc and vessels are seen`,
      `retinal fundus photograph (${eye} eye) showing ${words}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['retina', `${eye} eye`, finding],
      draw: () => drawFundus(random.fork('drawing'), finding, eye === 'right' ? 1 : -1),
    };
  },
};

function drawFundus(random: Random, finding: string, side: number): ReturnType<typeof finished> {
  const size = random.whole(330, 350);
  const canvas = new Canvas(size + random.whole(0, 60), size, gray(2));
  const [x, y] = [canvas.width / 2, size / 2];
  const tint: Color = [random.between(190, 220), random.between(84, 110), random.between(30, 50)];
  const disc: Point = [x + side * 78, y + random.between(-8, 8)];
  const macula: Point = [x - side * 36, y + 8];
  const mottle = noiseField(random, 24, 3);
  canvas.texture(circle(x, y, size / 2 - 8), (px, py) => {
    const fall = 1 - 0.35 * (((px - x) ** 2 + (py - y) ** 2) / (size / 2) ** 2) + mottle(px, py) * 0.05;
    return [tint[0] * fall, tint[1] * fall, tint[2] * fall];
  });
  canvas.fill(circle(macula[0], macula[1], 26), [120, 40, 18], { soft: 40, alpha: 0.6 });
  const opticDisc = ellipse(disc[0], disc[1], 25, 28);
  canvas.fill(opticDisc, [250, 208, 130], { soft: 5 });
  const wide = finding === 'glaucoma';
  const opticCup = ellipse(disc[0], disc[1], wide ? 20 : 10, wide ? 22 : 11);
  canvas.fill(opticCup, [255, 240, 200], { soft: 4 });
  for (let i = 0; i < 10; i++)
    drawVessel(
      canvas,
      random,
      disc,
      (i % 2 === 0 ? -1 : 1) * random.between(0.5, 2.3) - (side > 0 ? 3.14 : 0),
      random.between(4, 6),
      26,
      i % 3 === 0,
    );
  const around = (reach: number): Point => [x + random.normal() * reach, y + random.normal() * reach];
  if (finding === 'diabetic retinopathy') {
    for (let i = 0; i < 22; i++)
      canvas.fill(blob(random, ...around(70), random.between(2, 7), random.between(2, 6), 0.2), [110, 14, 10], {
        soft: 2,
      });
    for (let i = 0; i < 14; i++)
      canvas.fill(blob(random, ...around(55), random.between(2, 5), random.between(2, 5), 0.2), [248, 220, 120], {
        soft: 2,
      });
  }
  if (finding === 'drusen')
    for (let i = 0; i < 45; i++)
      canvas.fill(
        circle(macula[0] + random.normal() * 26, macula[1] + random.normal() * 26, random.between(2, 5)),
        [245, 205, 110],
        { soft: 3, alpha: 0.9 },
      );
  canvas.grain(random, 4, true);
  return finished(canvas, { 'optic disc': opticDisc, 'optic cup': opticCup });
}

function drawVessel(
  canvas: Canvas,
  random: Random,
  from: Point,
  heading: number,
  width: number,
  steps: number,
  bright: boolean,
): void {
  let [at, angle, thick] = [from, heading, width];
  for (let i = 0; i < steps && thick > 0.8; i++) {
    angle += random.normal() * 0.13;
    const to: Point = [at[0] + Math.cos(angle) * 9, at[1] + Math.sin(angle) * 9];
    if (Math.sqrt((to[0] - canvas.width / 2) ** 2 + (to[1] - canvas.height / 2) ** 2) > canvas.height / 2 - 14) return;
    canvas.fill(stroke(at, to, thick, thick * 0.96), bright ? [190, 50, 30] : [132, 22, 16], { soft: 2, alpha: 0.9 });
    if (i > 3 && random.chance(0.09))
      drawVessel(canvas, random, to, angle + random.pick([-0.6, 0.6]), thick * 0.7, steps - i, bright);
    thick *= 0.965;
    at = to;
  }
}

export const fundusKinds: readonly FigureKind[] = [fundus];
