import { Canvas, gray, mixed, type Color } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import { blob, circle, ellipse, union, type Point, type Shape } from './shapes.js';

const skin: FigureKind = {
  name: 'dermoscopy image',
  modality: 'photograph',
  sketch: (random) => {
    const melanoma = random.chance(0.5);
    const hairs = random.chance(0.5);
    const words = melanoma
      ? 'an irregular, asymmetric dark lesion with several colours, suspicious of melanoma'
      : 'a round, symmetric brown naevus with a regular border';
    const caption = random.pick([
      `dermoscopy image of ${words}`,
      `dermoscopy image of the skin: ${words}`,
      `skin lesion seen by dermoscopy (dermoscopy image): ${words}`,
    ]);
    return {
      caption: sentence(`${caption}${hairs ? '; a few hairs cross it' : ''}`),
      labels: ['skin lesion', melanoma ? 'melanoma' : 'naevus', ...(hairs ? ['hair'] : [])],
      draw: () => drawSkin(random.fork('drawing'), melanoma, hairs),
    };
  },
};

function drawSkin(random: Random, melanoma: boolean, hairs: boolean): ReturnType<typeof finished> {
  const skinTone: Color = mixed([244, 206, 186], [206, 150, 118], random.unit());
  const canvas = new Canvas(random.whole(360, 440), random.whole(320, 340), skinTone);
  const mottle = noiseField(random, 60, 4);
  const pores = noiseField(random, 5, 2);
  canvas.shade((value, x, y) => value + mottle(x, y) * 14 + pores(x, y) * 5);
  const [x, y] = [canvas.width / 2 + random.between(-20, 20), canvas.height / 2 + random.between(-15, 15)];
  const lesion = blob(
    random,
    x,
    y,
    random.between(70, 110),
    random.between(62, 96),
    melanoma ? 0.2 : 0.03,
    random.between(0, 3),
  );
  const [dark, light]: [Color, Color] = melanoma
    ? [
        [40, 22, 22],
        [140, 80, 58],
      ]
    : [
        [104, 62, 38],
        [162, 104, 66],
      ];
  const patches = noiseField(random, melanoma ? 50 : 30, 3);
  const net = noiseField(random, 9, 2);
  canvas.texture(
    lesion,
    (px, py) => {
      const base = mixed(
        dark,
        light,
        0.5 + patches(px, py) * (melanoma ? 0.8 : 0.3) + (Math.abs(net(px, py)) < 0.14 ? -0.3 : 0.06),
      );
      return melanoma && patches(py, px) > 0.45 ? mixed(base, [110, 120, 150], 0.5) : base;
    },
    { soft: melanoma ? 8 : 18 },
  );
  if (hairs) {
    for (let i = 0; i < random.whole(4, 9); i++) {
      const from: Point = [random.between(0, canvas.width), random.between(0, canvas.height)];
      const angle = random.between(0, 6.28);
      const mid: Point = [from[0] + Math.cos(angle) * 80, from[1] + Math.sin(angle) * 80];
      canvas.path(
        [from, mid, [mid[0] + Math.cos(angle + 0.25) * 90, mid[1] + Math.sin(angle + 0.25) * 90]],
        [38, 28, 24],
        1.8,
      );
    }
  }
  canvas.grain(random, 4, true);
  return finished(canvas, { 'skin lesion': lesion });
}

const plate: FigureKind = {
  name: 'agar plate',
  modality: 'photograph',
  sketch: (random) => {
    const blood = random.chance(0.5);
    const hue = random.pick(['white', 'yellow', 'red'] as const);
    const discs = random.chance(0.4) ? random.whole(3, 6) : 0;
    const count = random.whole(12, 80);
    const medium = blood ? 'blood agar' : 'nutrient agar';
    const growth =
      discs > 0
        ? `a bacterial lawn and ${counted(discs, 'antibiotic disc')} with clear zones of inhibition`
        : `${count > 50 ? 'many' : count > 25 ? 'dozens of' : 'a few'} ${hue} bacterial colonies`;
    const caption = random.pick([
      `agar plate (${medium}) with ${growth}`,
      `${growth} on a ${medium} plate; round agar plate seen from above`,
      `Petri dish: ${medium} agar plate showing ${growth}`,
    ]);
    return {
      caption: sentence(caption.replace('agar agar', 'agar')),
      labels: [medium, ...(discs > 0 ? ['antibiotic disc', 'zone of inhibition'] : [`${hue} colonies`])],
      draw: () => drawPlate(random.fork('drawing'), blood, hue, discs, count),
    };
  },
};

function drawPlate(
  random: Random,
  blood: boolean,
  hue: 'white' | 'yellow' | 'red',
  discs: number,
  count: number,
): ReturnType<typeof finished> {
  const canvas = new Canvas(340, 340, gray(random.pick([22, 40, 214])));
  const agar: Color = blood ? [142, 26, 28] : [226, 206, 150];
  canvas.fill(circle(170, 170, 160), [206, 208, 212], { soft: 3 });
  canvas.fill(circle(170, 170, 153), mixed(agar, [0, 0, 0], 0.25), { soft: 3 });
  canvas.fill(circle(170, 170, 146), agar, { soft: 6 });
  const tones: Record<typeof hue, Color> = { white: [240, 238, 226], yellow: [232, 196, 60], red: [196, 40, 50] };
  const colony = blood && hue === 'red' ? mixed(tones.red, [40, 0, 0], 0.6) : tones[hue];
  const shapes: Shape[] = [];
  if (discs > 0) {
    const film = noiseField(random, 12, 3);
    canvas.texture(circle(170, 170, 142), (x, y) => mixed(agar, [238, 230, 200], 0.6 + film(x, y) * 0.15), { soft: 6 });
    for (let i = 0; i < discs; i++) {
      const angle = (i / discs) * 6.283 + 0.4;
      const at: Point = [170 + Math.cos(angle) * 82, 170 + Math.sin(angle) * 82];
      canvas.fill(circle(...at, random.between(18, 40)), mixed(agar, [0, 0, 0], 0.1), { soft: 4 });
      canvas.fill(circle(...at, 9), [250, 250, 246], { soft: 2 });
    }
  } else {
    for (let i = 0; i < count; i++) {
      const angle = random.between(0, 6.283);
      const r = Math.sqrt(random.unit()) * 132;
      const spot = blob(
        random,
        170 + Math.cos(angle) * r,
        170 + Math.sin(angle) * r,
        random.between(4, 8),
        random.between(4, 8),
        0.05,
      );
      if (blood)
        canvas.fill(circle((spot.box[0] + spot.box[2]) / 2, (spot.box[1] + spot.box[3]) / 2, 11), [190, 90, 60], {
          soft: 5,
          alpha: 0.6,
        });
      canvas.fill(spot, colony, { soft: 2 });
      canvas.fill(
        circle((spot.box[0] + spot.box[2]) / 2 - 2, (spot.box[1] + spot.box[3]) / 2 - 2, 1.5),
        [255, 255, 255],
        { soft: 2, alpha: 0.7 },
      );
      shapes.push(spot);
    }
  }
  canvas.add(ellipse(120, 90, 60, 20, -0.7), 22, 30);
  canvas.grain(random, 4, true);
  return finished(canvas, shapes.length > 0 ? { colonies: union(...shapes) } : {});
}

export const skinKinds: readonly FigureKind[] = [skin, plate];
