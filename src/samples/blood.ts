import { Canvas, mixed, type Color } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, circle, ellipse, outline, union, type Point, type Shape } from './shapes.js';

const whiteCells = ['neutrophil', 'lymphocyte', 'monocyte', 'eosinophil', 'basophil'] as const;

const smear: FigureKind = {
  name: 'blood smear',
  modality: 'light-microscopy',
  sketch: (random) => {
    const white = random.pick([...whiteCells, 'no white cell'] as const);
    const platelets = random.chance(0.5) ? random.whole(2, 6) : 0;
    const parasite = random.chance(0.15);
    const crowded = random.chance(0.5);
    const parts = [
      crowded ? 'many red blood cells (RBC)' : 'scattered red blood cells (RBC)',
      ...(white === 'no white cell' ? [] : [`one white blood cell (WBC), a ${white}`.replace('a eos', 'an eos')]),
      ...(platelets > 0 ? [counted(platelets, 'platelet')] : []),
      ...(parasite ? ['ring forms of malaria parasites'] : []),
    ];
    const list = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}` : parts.join('');
    const caption = random.pick([
      `blood smear with ${list}`,
      `stained peripheral blood smear showing ${list}`,
      `light micrograph of a blood smear: ${list}`,
      `${list} in a Giemsa-stained blood smear`,
    ]);
    return {
      caption: sentence(caption),
      labels: [
        'RBC',
        ...(white === 'no white cell' ? [] : ['WBC', white]),
        ...(platelets > 0 ? ['platelets'] : []),
        ...(parasite ? ['malaria'] : []),
      ],
      draw: () => drawSmear(random.fork('drawing'), white, platelets, parasite, crowded),
    };
  },
};

function drawSmear(
  random: Random,
  white: string,
  platelets: number,
  parasite: boolean,
  crowded: boolean,
): ReturnType<typeof finished> {
  const ground: Color = [random.between(226, 244), random.between(214, 232), random.between(206, 232)];
  const canvas = new Canvas(random.whole(320, 420), random.whole(310, 330), ground);
  const radius = random.between(20, 30);
  const red: Color = [random.between(198, 224), random.between(128, 160), random.between(128, 160)];
  const center: Point = [canvas.width / 2 + random.between(-60, 60), canvas.height / 2 + random.between(-50, 50)];
  const free = (x: number, y: number): boolean =>
    white === 'no white cell' || Math.sqrt((x - center[0]) ** 2 + (y - center[1]) ** 2) > radius * 2.7;
  const cells: Shape[] = [];
  const places: Point[] = [];
  for (let tries = 0; tries < (crowded ? 260 : 40); tries++) {
    const [x, y] = [random.between(-10, canvas.width + 10), random.between(-10, canvas.height + 10)];
    if (!free(x, y) || places.some((p) => Math.sqrt((p[0] - x) ** 2 + (p[1] - y) ** 2) < radius * 1.85)) continue;
    places.push([x, y]);
    const cell = blob(random, x, y, radius * random.between(0.9, 1.1), radius * random.between(0.9, 1.1), 0.03);
    canvas.fill(cell, red, { soft: 2 });
    canvas.fill(circle(x, y, radius * 0.36), mixed(red, ground, 0.75), { soft: radius * 0.5 });
    canvas.fill(outline(cell, 2), mixed(red, [150, 80, 90], 0.4), { soft: 2, alpha: 0.6 });
    if (parasite && random.chance(0.25))
      canvas.fill(outline(circle(x + 5, y - 3, 5), 2.4), [86, 40, 130], { soft: 1.5 });
    cells.push(cell);
  }
  const white_ = white === 'no white cell' ? [] : [drawWhiteCell(canvas, random, white, center, radius * 2)];
  const bits = Array.from({ length: platelets }, () =>
    blob(
      random,
      random.between(20, canvas.width - 20),
      random.between(20, canvas.height - 20),
      random.between(5, 8),
      random.between(4, 7),
      0.16,
    ),
  );
  for (const bit of bits) canvas.fill(bit, [138, 88, 160], { soft: 3 });
  const uneven = noiseField(random, 90, 2);
  canvas.shade((value, x, y) => value + uneven(x, y) * 6);
  canvas.grain(random, 4, true);
  return finished(canvas, {
    'red blood cells': union(...cells),
    ...(white_.length > 0 ? { 'white blood cell': union(...white_) } : {}),
    ...(bits.length > 0 ? { platelets: union(...bits) } : {}),
  });
}

function drawWhiteCell(canvas: Canvas, random: Random, name: string, [x, y]: Point, radius: number): Shape {
  const body = blob(
    random,
    x,
    y,
    name === 'lymphocyte' ? radius * 0.78 : radius,
    name === 'lymphocyte' ? radius * 0.78 : radius * 0.95,
    0.05,
  );
  canvas.fill(body, name === 'lymphocyte' ? [170, 180, 224] : name === 'monocyte' ? [186, 184, 206] : [222, 200, 214], {
    soft: 3,
  });
  const dark: Color = [random.between(78, 104), random.between(40, 62), random.between(120, 150)];
  const nucleus = {
    lymphocyte: [blob(random, x, y, radius * 0.64, radius * 0.62, 0.03)],
    monocyte: [
      ellipse(x - radius * 0.25, y, radius * 0.36, radius * 0.62),
      ellipse(x + radius * 0.25, y - radius * 0.3, radius * 0.5, radius * 0.3),
    ],
    eosinophil: [
      circle(x - radius * 0.36, y, radius * 0.34),
      circle(x + radius * 0.36, y - radius * 0.1, radius * 0.34),
    ],
    basophil: [blob(random, x, y, radius * 0.5, radius * 0.5, 0.12)],
    neutrophil: [-0.5, -0.1, 0.35].map((t, i) =>
      circle(x + t * radius, y + (i === 1 ? -0.34 : 0.2) * radius, radius * 0.32),
    ),
  }[name as (typeof whiteCells)[number]];
  const granules: Record<string, Color> = {
    eosinophil: [226, 104, 72],
    basophil: [70, 34, 120],
    neutrophil: [206, 160, 190],
  };
  const grain = granules[name];
  if (grain !== undefined)
    for (let i = 0; i < 150; i++)
      canvas.fill(circle(x + random.normal() * radius * 0.45, y + random.normal() * radius * 0.45, 2.2), grain, {
        soft: 1.5,
        alpha: name === 'neutrophil' ? 0.4 : 0.9,
      });
  const lumps = noiseField(random, 9, 2);
  for (const lobe of nucleus)
    canvas.texture(lobe, (px, py) => mixed(dark, [150, 100, 180], 0.25 + lumps(px, py) * 0.3), {
      soft: 3,
      alpha: name === 'basophil' ? 0.7 : 1,
    });
  return body;
}

export const bloodKinds: readonly FigureKind[] = [smear];
