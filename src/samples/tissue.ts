import { Canvas, mixed, type Color } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, rectangle, stroke, union, type Point, type Shape } from './shapes.js';

const fluorescence: FigureKind = {
  name: 'fluorescence microscopy of nuclei',
  modality: 'fluorescence-microscopy',
  sketch: (random) => {
    const color = random.pick(['white', 'blue', 'blue', 'green'] as const);
    const count = random.whole(6, 60);
    const membrane = color === 'blue' && random.chance(0.5);
    const amount = count > 35 ? 'many' : count > 15 ? 'about twenty' : counted(count, 'x').replace(/ xs?$/, '');
    const dye = { white: 'grey-scale nuclear stain', blue: 'DAPI, blue', green: 'green fluorescent stain' }[color];
    const caption = random.pick([
      `fluorescence microscopy of nuclei (${dye}): ${amount} bright cell nuclei on a dark ground`,
      `fluorescence microscopy of nuclei showing ${amount} nuclei, ${dye}`,
      `${amount} cell nuclei, ${dye}. Fluorescence microscopy of nuclei`,
    ]);
    return {
      caption: sentence(`${caption}${membrane ? '; actin filaments are red' : ''}`),
      labels: ['nuclei', color === 'white' ? 'grey-scale' : color, ...(membrane ? ['actin'] : [])],
      draw: () => drawNuclei(random.fork('drawing'), color, count, membrane),
    };
  },
};

function drawNuclei(
  random: Random,
  color: 'white' | 'blue' | 'green',
  count: number,
  membrane: boolean,
): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(320, 380), 320, [4, 4, 6]);
  const tone = { white: [210, 210, 210], blue: [70, 100, 255], green: [60, 230, 90] }[color] as unknown as Color;
  const size = count > 35 ? random.between(9, 13) : random.between(14, 24);
  const nuclei: Shape[] = [];
  const places: Point[] = [];
  for (let tries = 0; tries < 600 && nuclei.length < count; tries++) {
    const [x, y] = [random.between(5, canvas.width - 5), random.between(5, canvas.height - 5)];
    if (places.some((p) => Math.sqrt((p[0] - x) ** 2 + (p[1] - y) ** 2) < size * 2)) continue;
    places.push([x, y]);
    nuclei.push(
      blob(random, x, y, size * random.between(0.8, 1.15), size * random.between(0.7, 1), 0.05, random.between(0, 3)),
    );
    if (membrane) {
      for (let i = 0; i < 9; i++) {
        const [angle, off] = [random.between(0, 0.6), random.normal() * size];
        canvas.fill(
          stroke([x - Math.cos(angle) * size * 2.4, y + off], [x + Math.cos(angle) * size * 2.4, y + off + 12], 1.6),
          [210, 40, 36],
          { soft: 2, alpha: 0.6 },
        );
      }
    }
  }
  const lumps = noiseField(random, 8, 2);
  for (const nucleus of nuclei) {
    const bright = random.between(0.5, 1);
    canvas.texture(nucleus, (x, y) => mixed([0, 0, 0], tone, bright * (0.85 + lumps(x, y) * 0.25)), { soft: 4 });
  }
  canvas.blur(1);
  canvas.grain(random, 4);
  return finished(canvas, { nuclei: union(...nuclei) });
}

const tissueFrame = (canvas: Canvas): Shape => rectangle(0, 0, canvas.width, canvas.height);

const tissue = (stain: 'H&E' | 'IHC'): FigureKind => ({
  name: stain === 'H&E' ? 'H&E tissue section' : 'immunohistochemistry',
  modality: 'light-microscopy',
  sketch: (random) => {
    const glands = random.chance(0.6) ? random.whole(2, 5) : 0;
    const grade = random.pick(['low', 'high']);
    const positive = random.pick(['strong', 'weak', 'no'] as const);
    const build = glands > 0 ? counted(glands, 'gland') + ' with a clear lumen' : 'sheets of cells without glands';
    const caption =
      stain === 'H&E'
        ? random.pick([
            `H&E tissue section with ${build}, ${grade} density of purple nuclei`,
            `haematoxylin and eosin stained H&E tissue section: ${build}; ${grade} nuclear density`,
            `histology, H&E tissue section showing ${build} in pink stroma (${grade} cell density)`,
          ])
        : random.pick([
            `immunohistochemistry with ${positive} brown DAB staining of the nuclei; ${build}`,
            `immunohistochemistry (IHC) of tissue, ${build}, ${positive} brown signal`,
            `IHC section, ${positive} brown staining on blue counterstain: immunohistochemistry, ${build}`,
          ]);
    return {
      caption: sentence(caption),
      labels: [
        'histology',
        stain === 'H&E' ? `${grade} nuclear density` : `${positive} staining`,
        glands > 0 ? 'glands' : 'sheets',
      ],
      draw: () => drawTissue(random.fork('drawing'), stain, glands, grade === 'high', positive),
    };
  },
});

function drawTissue(
  random: Random,
  stain: string,
  glands: number,
  dense: boolean,
  positive: string,
): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(330, 440), 330);
  const [pale, deep]: [Color, Color] =
    stain === 'H&E'
      ? [
          [244, 206, 222],
          [222, 134, 178],
        ]
      : [
          [236, 234, 240],
          [206, 208, 226],
        ];
  const fibers = noiseField(random, 40, 4);
  const bend = noiseField(random, 120, 2);
  canvas.texture(tissueFrame(canvas), (x, y) => mixed(pale, deep, 0.5 + fibers(x + bend(x, y) * 60, y * 2.4) * 0.7));
  const nuclei: Shape[] = [];
  const nucleusAt = (x: number, y: number, angle: number): void => {
    const nucleus = blob(random, x, y, random.between(5, 7.5), random.between(4, 5.5), 0.08, angle);
    const brown = stain === 'IHC' && random.chance({ strong: 0.85, weak: 0.25, no: 0 }[positive] ?? 0);
    const tone: Color = brown ? [118, 66, 30] : stain === 'IHC' ? [112, 128, 180] : [96, 52, 132];
    canvas.fill(nucleus, mixed(tone, [30, 20, 40], random.between(0, 0.35)), { soft: 2, alpha: 0.95 });
    nuclei.push(nucleus);
  };
  const rooms: Shape[] = [];
  for (let i = 0; i < glands; i++) {
    const [x, y] = [
      ((i % 3) + 0.5) * (canvas.width / 3) + random.between(-16, 16),
      (Math.floor(i / 3) + 0.5) * 165 + random.between(-16, 16),
    ];
    const wall = blob(random, x, y, random.between(50, 62), random.between(48, 66), 0.07);
    canvas.fill(wall, mixed(deep, [190, 110, 180], stain === 'H&E' ? 0.4 : 0.05), { soft: 4 });
    canvas.fill(blob(random, x, y, 24, 28, 0.1), [250, 246, 250], { soft: 3 });
    for (let n = 0; n < 26; n++) nucleusAt(x + Math.cos(n * 0.2417) * 42, y + Math.sin(n * 0.2417) * 44, n * 0.2417);
    rooms.push(wall);
  }
  const taken = rooms.length > 0 ? union(...rooms) : null;
  for (let i = 0; i < (dense ? 420 : 170); i++) {
    const [x, y] = [random.between(0, canvas.width), random.between(0, canvas.height)];
    if (taken === null || taken.distance(x, y) > 4) nucleusAt(x, y, random.between(0, 3));
  }
  canvas.blur(1);
  canvas.grain(random, 4, true);
  return finished(canvas, { nuclei: union(...nuclei), ...(taken === null ? {} : { glands: taken }) });
}

export const tissueKinds: readonly FigureKind[] = [fluorescence, tissue('H&E'), tissue('IHC')];
