import { Canvas, black, gray, white } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, circle, ellipse, outline, rectangle, stroke, union, type Point, type Shape } from './shapes.js';

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
  const canvas = new Canvas(random.whole(340, 400), random.whole(320, 340), gray(168));
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
  canvas.fill(body, gray(120), { soft: 3 });
  canvas.fill(outline(body, 3), gray(48), { soft: 2 });
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
    canvas.fill(stroke(from, to, 4), gray(66), { soft: 2 });
  }
  return body;
}

function drawVirus(canvas: Canvas, random: Random, x: number, y: number): Shape {
  const radius = random.between(20, 30);
  for (let i = 0; i < 20; i++) {
    const angle = (i / 20) * 6.283;
    canvas.fill(circle(x + Math.cos(angle) * (radius + 6), y + Math.sin(angle) * (radius + 6), 3), gray(70), {
      soft: 2,
    });
  }
  const body = blob(random, x, y, radius, radius, 0.03);
  canvas.fill(body, gray(92), { soft: 3 });
  canvas.fill(circle(x, y, radius * 0.55), gray(44), { soft: 10 });
  canvas.fill(outline(body, 3), gray(40), { soft: 2 });
  return body;
}

function drawRod(canvas: Canvas, random: Random, x: number, y: number): Shape {
  const angle = random.between(0, 3.14);
  const [dx, dy] = [Math.cos(angle) * 30, Math.sin(angle) * 30];
  const rod = stroke([x - dx, y - dy], [x + dx, y + dy], 32);
  canvas.fill(rod, gray(96), { soft: 3 });
  canvas.fill(stroke([x - dx * 0.7, y - dy * 0.7], [x + dx * 0.7, y + dy * 0.7], 12), gray(150), { soft: 10 });
  canvas.fill(outline(rod, 3), gray(36), { soft: 2 });
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
      canvas.fill(body, gray(120), { soft: 2 });
      for (let b = 0; b < length / 8; b++)
        canvas.fill(rectangle(left - 4, foot - 5 - b * 8 - ((pair * 3) % 5), 8, 3.4), gray(36), {
          soft: 2,
          alpha: 0.85,
        });
      canvas.fill(rectangle(left - 6, foot - length * 0.62, 2.4, 4), white, { soft: 1 });
      chromosomes.push(body);
    }
    canvas.centered(pair === 22 ? (male ? 'XY' : 'XX') : String(pair + 1), [x, foot + 5], black);
  }
  canvas.grain(random, 2);
  return finished(canvas, { chromosomes: union(...chromosomes) });
}

export const electronKinds: readonly FigureKind[] = [electron, karyotype];
