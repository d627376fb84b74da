import { Canvas, black, gray, white } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, outline, rectangle, union, type Shape } from './shapes.js';

const proteins = ['p53', 'Akt', 'Actin', 'ERK', 'Bcl2', 'Myc', 'Cas3', 'GAPDH', 'EGFR', 'Tub'] as const;

const western: FigureKind = {
  name: 'western blot',
  modality: 'blot',
  sketch: (random) => {
    const lanes = random.whole(4, 8);
    const names = random.shuffled(proteins).slice(0, random.whole(2, 4));
    const caption = random.pick([
      `western blot of ${names.join(', ')} in ${counted(lanes, 'lane')}`,
      `immunoblot (western blot) with dark bands for ${names.join(' and ')}; ${counted(lanes, 'sample')}`,
      `protein levels of ${names.join(', ')} by western blot, ${counted(lanes, 'lane')}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['protein', ...names, counted(lanes, 'lane')],
      draw: () => drawWestern(random.fork('drawing'), lanes, names),
    };
  },
};

function drawWestern(random: Random, lanes: number, names: readonly string[]): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(360, 460), 60 + names.length * 74, white);
  const step = (canvas.width - 110) / lanes;
  const bands: Shape[] = [];
  for (let lane = 0; lane < lanes; lane++) canvas.centered(String(lane + 1), [80 + (lane + 0.5) * step, 12], black, 2);
  names.forEach((name, row) => {
    const top = 40 + row * 74;
    const film = noiseField(random, 40, 3);
    canvas.texture(rectangle(76, top, canvas.width - 96, 58), (x, y) => gray(214 + film(x, y) * 12));
    canvas.fill(outline(rectangle(76, top, canvas.width - 96, 58), 1.2), black);
    for (let lane = 0; lane < lanes; lane++) {
      const level = random.chance(0.15) ? 0.08 : random.between(0.35, 1);
      const band = blob(
        random,
        80 + (lane + 0.5) * step,
        top + 29 + random.between(-2, 2),
        step * 0.4,
        6 + level * 5,
        0.05,
      );
      canvas.fill(band, gray(20), { soft: 9, alpha: level });
      bands.push(band);
    }
    canvas.text(name, [10, top + 22], black, 2);
  });
  canvas.grain(random, 3);
  return finished(canvas, { bands: union(...bands) });
}

const gel: FigureKind = {
  name: 'agarose gel',
  modality: 'gel',
  sketch: (random) => {
    const lanes = random.whole(5, 9);
    const pcr = random.chance(0.5);
    const caption = random.pick([
      `agarose gel electrophoresis of ${pcr ? 'PCR products' : 'digested DNA'}: a ladder and ${counted(lanes, 'sample lane')}`,
      `bright DNA bands on a dark agarose gel, ${counted(lanes, 'lane')} beside the marker, ${pcr ? 'one PCR product each' : 'several restriction fragments each'}`,
      `agarose gel with DNA ladder in lane M and ${pcr ? 'single amplicons' : 'several fragments'} in ${counted(lanes, 'lane')}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['DNA', pcr ? 'PCR' : 'restriction digest', counted(lanes, 'lane')],
      draw: () => drawGel(random.fork('drawing'), lanes, pcr),
    };
  },
};

function drawGel(random: Random, lanes: number, pcr: boolean): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(340, 400), random.whole(320, 350), gray(36));
  const fog = noiseField(random, 90, 3);
  canvas.shade((value, x, y) => value + fog(x, y) * 9 + y * 0.03);
  const step = (canvas.width - 30) / (lanes + 1);
  const at = (lane: number): number => 15 + (lane + 0.5) * step;
  const bands: Shape[] = [];
  const band = (lane: number, y: number, alpha: number): void => {
    const shape = rectangle(at(lane) - step * 0.34, y, step * 0.68, 6, 2);
    canvas.fill(shape, gray(245), { soft: 4, alpha });
    bands.push(shape);
  };
  const product = random.between(120, 230);
  for (let lane = 0; lane <= lanes; lane++) {
    canvas.fill(rectangle(at(lane) - step * 0.36, 30, step * 0.72, 6), gray(12));
    canvas.centered(lane === 0 ? 'M' : String(lane), [at(lane), 8], white, 2);
    if (lane === 0) for (let i = 0; i < 10; i++) band(0, 50 + 240 * (1 - Math.exp(-i * 0.22)) * 1.05, 0.75);
    else if (pcr) {
      if (random.chance(0.85)) band(lane, product + random.between(-3, 3), random.between(0.5, 1));
    } else for (let i = 0; i < random.whole(2, 5); i++) band(lane, random.between(60, 290), random.between(0.4, 0.95));
  }
  canvas.blur(1);
  canvas.grain(random, 4);
  return finished(canvas, { bands: union(...bands) });
}

export const blotKinds: readonly FigureKind[] = [western, gel];
