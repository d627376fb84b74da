import { Canvas, black, grey, white } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, circle, ellipse, outline, rectangle, stroke, union, type Point, type Shape } from './shapes.js';

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
  for (let lane = 0; lane < lanes; lane++) canvas.centred(String(lane + 1), [80 + (lane + 0.5) * step, 12], black, 2);
  names.forEach((name, row) => {
    const top = 40 + row * 74;
    const film = noiseField(random, 40, 3);
    canvas.texture(rectangle(76, top, canvas.width - 96, 58), (x, y) => grey(214 + film(x, y) * 12));
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
      canvas.fill(band, grey(20), { soft: 9, alpha: level });
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
  const canvas = new Canvas(random.whole(340, 400), random.whole(320, 350), grey(36));
  const fog = noiseField(random, 90, 3);
  canvas.shade((value, x, y) => value + fog(x, y) * 9 + y * 0.03);
  const step = (canvas.width - 30) / (lanes + 1);
  const at = (lane: number): number => 15 + (lane + 0.5) * step;
  const bands: Shape[] = [];
  const band = (lane: number, y: number, alpha: number): void => {
    const shape = rectangle(at(lane) - step * 0.34, y, step * 0.68, 6, 2);
    canvas.fill(shape, grey(245), { soft: 4, alpha });
    bands.push(shape);
  };
  const product = random.between(120, 230);
  for (let lane = 0; lane <= lanes; lane++) {
    canvas.fill(rectangle(at(lane) - step * 0.36, 30, step * 0.72, 6), grey(12));
    canvas.centred(lane === 0 ? 'M' : String(lane), [at(lane), 8], white, 2);
    if (lane === 0) for (let i = 0; i < 10; i++) band(0, 50 + 240 * (1 - Math.exp(-i * 0.22)) * 1.05, 0.75);
    else if (pcr) {
      if (random.chance(0.85)) band(lane, product + random.between(-3, 3), random.between(0.5, 1));
    } else for (let i = 0; i < random.whole(2, 5); i++) band(lane, random.between(60, 290), random.between(0.4, 0.95));
  }
  canvas.blur(1);
  canvas.grain(random, 4);
  return finished(canvas, { bands: union(...bands) });
}

const electron: FigureKind = {
  name: 'electron micrograph',
  modality: 'electron-microscopy',
  sketch: (random) => {
    const thing = random.pick(['mitochondria', 'virus particles', 'bacteria'] as const);
    const count = random.whole(2, 7);
    const words = {
      mitochondria: 'mitochondria with folded cristae',
      'virus particles': 'round virus particles with spikes',
      bacteria: 'rod-shaped bacteria',
    }[thing];
    const number = counted(count, 'x').replace(/ xs?$/, '');
    const caption = random.pick([
      `transmission electron micrograph of ${number} ${words}`,
      `electron micrograph showing ${number} ${words}`,
      `${words} (${number}) in a grey electron micrograph with scale bar`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['TEM', thing],
      draw: () => drawElectron(random.fork('drawing'), thing, count),
    };
  },
};

function drawElectron(random: Random, thing: string, count: number): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(340, 400), random.whole(320, 340), grey(168));
  const plasm = noiseField(random, 7, 3);
  const clouds = noiseField(random, 90, 2);
  canvas.shade((value, x, y) => value + plasm(x, y) * 26 + clouds(x, y) * 14);
  const objects: Shape[] = [];
  const spots = random.shuffled([0, 1, 2, 3, 4, 5, 6, 7, 8]).slice(0, count);
  for (const spot of spots) {
    const [x, y] = [
      ((spot % 3) + 0.5) * (canvas.width / 3) + random.between(-10, 10),
      (Math.floor(spot / 3) + 0.5) * (canvas.height / 3) + random.between(-10, 10),
    ];
    objects.push(
      thing === 'mitochondria'
        ? drawMitochondrion(canvas, random, x, y)
        : thing === 'bacteria'
          ? drawRod(canvas, random, x, y)
          : drawVirus(canvas, random, x, y),
    );
  }
  canvas.blur(1);
  canvas.line([20, canvas.height - 20], [80, canvas.height - 20], white, 4);
  canvas.text(thing === 'virus particles' ? '100 nm' : '500 nm', [20, canvas.height - 40], white, 2);
  canvas.grain(random, 9);
  return finished(canvas, { [thing]: union(...objects) });
}

function drawMitochondrion(canvas: Canvas, random: Random, x: number, y: number): Shape {
  const angle = random.between(0, 3.14);
  const [long, wide] = [random.between(44, 58), random.between(24, 30)];
  const body = ellipse(x, y, long, wide, angle);
  canvas.fill(body, grey(120), { soft: 3 });
  canvas.fill(outline(body, 3), grey(48), { soft: 2 });
  for (let i = -3; i <= 3; i++) {
    const [along, half] = [(i / 3.6) * long, wide * 0.75 * Math.sqrt(1 - (i / 4) ** 2)];
    const side = i % 2 === 0 ? -0.5 : 1;
    const from: Point = [
      x + Math.cos(angle) * along - Math.sin(angle) * half,
      y + Math.sin(angle) * along + Math.cos(angle) * half,
    ];
    const to: Point = [
      x + Math.cos(angle) * along + Math.sin(angle) * half * side,
      y + Math.sin(angle) * along - Math.cos(angle) * half * side,
    ];
    canvas.fill(stroke(from, to, 4), grey(66), { soft: 2 });
  }
  return body;
}

function drawVirus(canvas: Canvas, random: Random, x: number, y: number): Shape {
  const radius = random.between(20, 30);
  for (let i = 0; i < 20; i++) {
    const angle = (i / 20) * 6.283;
    canvas.fill(circle(x + Math.cos(angle) * (radius + 6), y + Math.sin(angle) * (radius + 6), 3), grey(70), {
      soft: 2,
    });
  }
  const body = blob(random, x, y, radius, radius, 0.03);
  canvas.fill(body, grey(92), { soft: 3 });
  canvas.fill(circle(x, y, radius * 0.55), grey(44), { soft: 10 });
  canvas.fill(outline(body, 3), grey(40), { soft: 2 });
  return body;
}

function drawRod(canvas: Canvas, random: Random, x: number, y: number): Shape {
  const angle = random.between(0, 3.14);
  const [dx, dy] = [Math.cos(angle) * 30, Math.sin(angle) * 30];
  const rod = stroke([x - dx, y - dy], [x + dx, y + dy], 32);
  canvas.fill(rod, grey(96), { soft: 3 });
  canvas.fill(stroke([x - dx * 0.7, y - dy * 0.7], [x + dx * 0.7, y + dy * 0.7], 12), grey(150), { soft: 10 });
  canvas.fill(outline(rod, 3), grey(36), { soft: 2 });
  return rod;
}

const karyotype: FigureKind = {
  name: 'karyotype',
  modality: 'light-microscopy',
  sketch: (random) => {
    const sex = random.pick(['female', 'male']);
    const extra = random.chance(0.35);
    const formula = `${extra ? 47 : 46},${sex === 'male' ? 'XY' : 'XX'}${extra ? ',+21' : ''}`;
    const caption = random.pick([
      `karyotype of a ${sex}: ${formula}${extra ? ' with trisomy 21' : ''}`,
      `banded chromosomes ordered in pairs, ${sex} karyotype ${formula}${extra ? ', three copies of chromosome 21' : ''}`,
      `${sex} karyotype (${formula})${extra ? ' in Down syndrome' : ' with normal chromosomes'}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['chromosomes', sex, extra ? 'trisomy 21' : 'normal'],
      draw: () => drawKaryotype(random.fork('drawing'), sex === 'male', extra),
    };
  },
};

function drawKaryotype(random: Random, male: boolean, extra: boolean): ReturnType<typeof finished> {
  const canvas = new Canvas(440, 330, white);
  const chromosomes: Shape[] = [];
  for (let pair = 0; pair < 23; pair++) {
    const [x, foot] = [34 + (pair % 6) * 72, 72 + Math.floor(pair / 6) * 80];
    const copies = pair === 20 && extra ? 3 : 2;
    for (let copy = 0; copy < copies; copy++) {
      const small = pair === 22 && male && copy === 1;
      const length = small ? 17 : pair === 22 ? 46 : 58 - pair * 1.9;
      const left = x - 10 + copy * 17 + random.between(-1, 1);
      const body = stroke([left + random.between(-3, 3), foot - length], [left, foot - 4], 9);
      canvas.fill(body, grey(120), { soft: 2 });
      for (let b = 0; b < length / 8; b++)
        canvas.fill(rectangle(left - 4, foot - 5 - b * 8 - ((pair * 3) % 5), 8, 3.4), grey(36), {
          soft: 2,
          alpha: 0.85,
        });
      canvas.fill(rectangle(left - 6, foot - length * 0.62, 2.4, 4), white, { soft: 1 });
      chromosomes.push(body);
    }
    canvas.centred(pair === 22 ? (male ? 'XY' : 'XX') : String(pair + 1), [x, foot + 5], black);
  }
  canvas.grain(random, 2);
  return finished(canvas, { chromosomes: union(...chromosomes) });
}

export const bandKinds: readonly FigureKind[] = [western, gel, electron, karyotype];
