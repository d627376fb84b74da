import { Canvas, gray } from './canvas.js';
import { finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, ellipse, outline, stroke, type Shape } from './shapes.js';

const ultrasound: FigureKind = {
  name: 'ultrasound',
  modality: 'ultrasound',
  sketch: (random) => {
    const finding = random.pick(['cyst', 'gallstone', 'fetal head', 'solid nodule'] as const);
    const words = {
      cyst: 'a dark, round cyst with a bright back wall',
      gallstone: 'a gallbladder with a bright gallstone and its acoustic shadow',
      'fetal head': 'the oval outline of a fetal head',
      'solid nodule': 'a solid nodule',
    }[finding];
    const caption = random.pick([
      `ultrasound image showing ${words}`,
      `B-mode ultrasound scan with ${words}`,
      `${words} on ultrasound (sonogram)`,
    ]);
    return {
      caption: sentence(caption),
      labels: [finding],
      draw: () => drawUltrasound(random.fork('drawing'), finding),
    };
  },
};

function drawUltrasound(random: Random, finding: string): ReturnType<typeof finished> {
  const canvas = new Canvas(400, random.whole(320, 340), gray(0));
  const apex = -70;
  const sector: Shape = {
    box: [0, 0, 400, 340],
    distance: (x, y) => {
      const [dx, dy] = [x - 200, y - apex];
      const r = Math.sqrt(dx * dx + dy * dy);
      return Math.max(r - 380, 90 - r, (Math.abs(Math.atan2(dx, dy)) - 0.58) * r);
    },
  };
  const [x, y] = [200 + random.between(-30, 30), random.between(150, 190)];
  const [rx, ry] =
    finding === 'fetal head'
      ? [86, 66]
      : finding === 'gallstone'
        ? [66, 36]
        : [random.between(34, 50), random.between(30, 42)];
  const object = blob(random, x, y, rx, ry, 0.04, random.between(-0.3, 0.3));
  const layers = noiseField(random, 60, 3);
  const speckle = noiseField(random, 4, 2);
  canvas.texture(sector, (px, py) => {
    const depth = Math.sqrt((px - 200) ** 2 + (py - apex) ** 2);
    const d = object.distance(px, py);
    let level = 86 + layers(px * 0.5, depth * 1.6) * 46 - depth * 0.08;
    if (d < 0) level = finding === 'solid nodule' ? 52 : finding === 'fetal head' ? 40 : 8;
    if (finding === 'fetal head' && Math.abs(d) < 5) level = 220;
    if (finding === 'cyst' && d > 0 && py > y && Math.abs(px - x) < rx * 0.8) level += 50;
    if (finding === 'gallstone' && py > y + 12 && Math.abs(px - x) < 15 + (py - y) * 0.05) level = 6;
    return gray(Math.max(0, level * (1 + 0.75 * speckle((px - 200) * 0.8, depth * 1.5))));
  });
  const stone = ellipse(x, y + 12, 15, 9);
  if (finding === 'gallstone') canvas.fill(stone, gray(240), { soft: 3 });
  if (finding === 'fetal head') canvas.fill(stroke([x - 60, y], [x + 60, y], 3), gray(150), { soft: 3 });
  if (finding !== 'gallstone' && finding !== 'fetal head') canvas.add(outline(object, 3), 50, 2);
  for (let i = 0; i < 8; i++) canvas.line([392, 30 + i * 36], [398, 30 + i * 36], gray(180), 1);
  canvas.grain(random, 9);
  return finished(canvas, finding === 'gallstone' ? { gallbladder: object, gallstone: stone } : { [finding]: object });
}

export const ultrasoundKinds: readonly FigureKind[] = [ultrasound];
