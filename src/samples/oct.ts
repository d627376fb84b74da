import { Canvas, gray } from './canvas.js';
import { finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { ellipse, rectangle, union, type Shape } from './shapes.js';

const oct: FigureKind = {
  name: 'retinal OCT scan',
  modality: 'oct',
  sketch: (random) => {
    const finding = random.pick(['normal', 'macular oedema', 'pigment epithelial detachment'] as const);
    const words = {
      normal: 'a normal foveal pit',
      'macular oedema': 'macular oedema with dark cystic spaces',
      'pigment epithelial detachment': 'a dome-shaped pigment epithelial detachment',
    }[finding];
    const caption = random.pick([
      `retinal OCT scan with ${words}`,
      `optical coherence tomography: retinal OCT scan showing ${words}`,
      `cross-section of the macula, retinal OCT scan, ${words}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['OCT', 'retina', finding],
      draw: () => drawOct(random.fork('drawing'), finding),
    };
  },
};

function drawOct(random: Random, finding: string): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(440, 480), random.whole(280, 320), gray(10));
  const [x, y] = [canvas.width / 2 + random.between(-30, 30), random.between(110, 140)];
  const sway = noiseField(random, 160, 2);
  const top = (px: number): number =>
    y + sway(px, 0) * 8 + (finding === 'macular oedema' ? -16 : 34) * Math.exp(-(((px - x) / 42) ** 2));
  const base = (px: number): number =>
    y +
    78 +
    sway(px, 0) * 8 -
    (finding === 'pigment epithelial detachment' ? 34 : 0) * Math.exp(-(((px - x) / 44) ** 2));
  const bands = [150, 110, 70, 116, 64, 128, 56, 84, 200];
  const retina: Shape = {
    box: [0, 0, canvas.width, canvas.height],
    distance: (px, py) => Math.max(top(px) - py, py - base(px)),
  };
  const speckle = noiseField(random, 3, 2);
  canvas.texture(rectangle(0, 0, canvas.width, canvas.height), (px, py) => {
    const depth = (py - top(px)) / (base(px) - top(px));
    let level =
      depth < 0 ? 12 : depth < 1 ? (bands[Math.floor(depth * bands.length)] ?? 80) : 150 * Math.exp(-(depth - 1) * 1.6);
    if (depth >= 1 && depth < 1.1) level = finding === 'pigment epithelial detachment' ? 232 : 224;
    return gray(level * (1 + 0.5 * speckle(px, py)));
  });
  const holes = Array.from({ length: 7 }, () =>
    ellipse(x + random.normal() * 34, y + random.between(16, 46), random.between(8, 17), random.between(8, 16)),
  );
  if (finding === 'macular oedema') for (const hole of holes) canvas.fill(hole, gray(14), { soft: 3 });
  canvas.blur(1);
  canvas.grain(random, 14);
  return finished(canvas, { retina, ...(finding === 'macular oedema' ? { oedema: union(...holes) } : {}) });
}

export const octKinds: readonly FigureKind[] = [oct];
