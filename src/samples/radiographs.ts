import { Canvas, gray } from './canvas.js';
import { finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, ellipse, stroke, union, type Point, type Shape } from './shapes.js';

const bone: FigureKind = {
  name: 'bone radiograph',
  modality: 'x-ray',
  sketch: (random) => {
    const part = random.pick(['forearm', 'lower leg', 'finger'] as const);
    const broken = random.chance(0.65);
    const pair = { forearm: 'radius and ulna', 'lower leg': 'tibia and fibula', finger: 'phalanges' }[part];
    const state = broken ? random.pick(['a displaced fracture of the shaft', 'a transverse fracture']) : 'no fracture';
    const caption = random.pick([
      `bone radiograph of the ${part} with ${state}; ${pair} are seen`,
      `X-ray of the ${part} (${pair}) showing ${state}`,
      `plain bone radiograph, ${part}: ${state}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['radiograph', part, broken ? 'fracture' : 'no fracture'],
      draw: () => drawBone(random.fork('drawing'), part, broken),
    };
  },
};

function drawBone(random: Random, part: string, broken: boolean): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(320, 360), random.whole(340, 360), gray(10));
  const middle = canvas.width / 2;
  const slim = part === 'finger' ? 0.62 : 1;
  canvas.fill(stroke([middle, -60], [middle + random.between(-10, 10), 420], 190 * slim, 165 * slim), gray(52), {
    soft: 30,
  });
  const bones: Shape[] = [];
  const breakAt = random.between(150, 220);
  const shaft = (x: number, width: number, split: boolean): void => {
    const shift = split ? random.between(9, 17) * random.pick([-1, 1]) : 0;
    const ends: [Point, Point][] = split
      ? [
          [
            [x, -20],
            [x, breakAt - 7],
          ],
          [
            [x + shift, breakAt + 7],
            [x + shift * 1.8, 400],
          ],
        ]
      : [
          [
            [x, -20],
            [x, 400],
          ],
        ];
    for (const [from, to] of ends) bones.push(stroke(from, to, width));
  };
  if (part === 'finger') {
    const length = canvas.height / 3;
    for (let i = 0; i < 3; i++) {
      const split = broken && i === 1;
      const shift = split ? 9 : 0;
      const [top, foot] = [i * length + 18, (i + 1) * length - 14];
      if (!split) bones.push(stroke([middle, top], [middle, foot], 38 + i * 6));
      else
        bones.push(
          stroke([middle, top], [middle, top + 26], 40),
          stroke([middle + shift, top + 42], [middle + shift, foot], 42),
        );
      bones.push(ellipse(middle, top, 27 + i * 3, 13), ellipse(middle + shift, foot, 27 + i * 3, 13));
    }
  } else {
    shaft(middle - 38, part === 'forearm' ? 36 : 56, broken);
    shaft(middle + 42, part === 'forearm' ? 30 : 20, broken && random.chance(0.4));
    bones.push(ellipse(middle - 38, 352, 42, 30), ellipse(middle + 40, 356, 24, 24));
  }
  for (const part of bones) {
    canvas.fill(part, gray(196), { soft: 3 });
    canvas.add(ellipseWithin(part), -46, 14);
  }
  const trabecula = noiseField(random, 9, 2);
  canvas.shade((value, x, y) => (value > 120 ? value + trabecula(x, y * 0.5) * 12 : value));
  canvas.text(random.pick(['L', 'R']), [canvas.width - 34, 16], gray(230), 3);
  canvas.blur(1);
  canvas.grain(random, 4);
  return finished(canvas, { bone: union(...bones) });
}

// The marrow: darker than the cortex, well inside the bone.
function ellipseWithin(shape: Shape): Shape {
  return { box: shape.box, distance: (x, y) => shape.distance(x, y) + 10 };
}

const breast: FigureKind = {
  name: 'mammogram',
  modality: 'x-ray',
  sketch: (random) => {
    const side = random.pick(['left', 'right']);
    const dense = random.pick(['fatty', 'dense']);
    const mass = random.pick(['none', 'round mass', 'spiculated mass', 'microcalcifications'] as const);
    const words =
      mass === 'none'
        ? 'without a mass'
        : mass === 'microcalcifications'
          ? 'with a cluster of microcalcifications'
          : `with a ${mass}`;
    const caption = random.pick([
      `mammogram of the ${side} breast ${words}, ${dense} tissue`,
      `${side} mammogram, craniocaudal view, ${dense} breast ${words}`,
      `X-ray mammography of a ${dense} ${side} breast ${words}`,
    ]);
    return {
      caption: sentence(caption.includes('mammogram') ? caption : `${caption}: a mammogram`),
      labels: [side, `${dense} breast`, mass === 'none' ? 'no mass' : mass],
      draw: () => drawBreast(random.fork('drawing'), side === 'left', dense === 'dense', mass),
    };
  },
};

function drawBreast(random: Random, left: boolean, dense: boolean, mass: string): ReturnType<typeof finished> {
  const canvas = new Canvas(320, random.whole(380, 400), gray(3));
  const wall = left ? -10 : 330;
  const towards = left ? 1 : -1;
  const breastShape = blob(random, wall, 195, random.between(210, 250), random.between(140, 165), 0.02);
  canvas.fill(breastShape, gray(78), { soft: 26 });
  const lumps = noiseField(random, 46, 4);
  const strands = noiseField(random, 14, 3);
  canvas.texture(
    blob(random, wall + towards * 60, 195, 140, 100, 0.08),
    (x, y) => gray(92 + lumps(x, y) * (dense ? 80 : 36) + strands(x * 0.5, y) * 26 + (dense ? 44 : 0)),
    { soft: 60, alpha: 0.9 },
  );
  const [x, y] = [wall + towards * random.between(80, 130), random.between(150, 240)];
  const tumour = blob(random, x, y, 20, 18, mass === 'round mass' ? 0.03 : 0.12);
  if (mass === 'round mass' || mass === 'spiculated mass') canvas.add(tumour, 105, 6);
  if (mass === 'spiculated mass') {
    for (let i = 0; i < 16; i++) {
      const angle = random.between(0, 6.28);
      const length = random.between(28, 48);
      canvas.add(stroke([x, y], [x + Math.cos(angle) * length, y + Math.sin(angle) * length], 4, 0.8), 60, 2);
    }
  }
  if (mass === 'microcalcifications')
    for (let i = 0; i < 22; i++)
      canvas.add(ellipse(x + random.normal() * 14, y + random.normal() * 14, 1.7, 1.7), 150, 1);
  canvas.text(left ? 'L CC' : 'R CC', [left ? 240 : 20, 14], gray(230), 2);
  canvas.grain(random, 4);
  return finished(canvas, { breast: breastShape, ...(mass.includes('mass') ? { tumour } : {}) });
}

export const radiographKinds: readonly FigureKind[] = [bone, breast];
