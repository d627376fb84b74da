import { drawAxes, frameOf, placeIn, seriesColor } from './axes.js';
import { Canvas, black, white } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import type { Random } from './random.js';
import { circle, outline, rectangle, type Point } from './shapes.js';

const measures = ['expression', 'viability', 'weight', 'activity', 'titre'] as const;
const groups = ['Ctrl', 'Drug', 'KO', 'WT', 'Mut', 'Combo'] as const;

function paper(random: Random): Canvas {
  return new Canvas(random.whole(340, 460), random.whole(300, 350), white);
}

const bars: FigureKind = {
  name: 'bar chart',
  modality: 'chart',
  sketch: (random) => {
    const names = random.shuffled(groups).slice(0, random.whole(3, 6));
    const measure = random.pick(measures);
    const star = random.chance(0.5);
    const caption = random.pick([
      `bar chart of ${measure} in ${counted(names.length, 'group')} (${names.join(', ')}) with error bars`,
      `${measure} by group, shown as a bar chart: ${names.join(', ')}`,
      `bar chart comparing ${measure} of ${names.join(' and ')}`,
    ]);
    return {
      caption: sentence(`${caption}${star ? '; the star marks a significant difference' : ''}`),
      labels: [measure, 'error bars', ...(star ? ['significant'] : [])],
      draw: () => drawBars(random.fork('drawing'), names, measure, star),
    };
  },
};

function drawBars(
  random: Random,
  names: readonly string[],
  measure: string,
  star: boolean,
): ReturnType<typeof finished> {
  const canvas = paper(random);
  const frame = frameOf(canvas);
  drawAxes(canvas, frame, 'group', measure, 0, 100);
  const step = 1 / names.length;
  const oneColor = random.chance(0.4);
  names.forEach((name, i) => {
    const value = random.between(0.2, 0.82);
    const [left, top] = placeIn(frame, (i + 0.2) * step, value);
    const width = frame.width * step * 0.6;
    canvas.fill(rectangle(left, top, width, frame.top + frame.height - top), seriesColor(oneColor ? 0 : i));
    canvas.line([left + width / 2, top - 14], [left + width / 2, top + 10], black, 1.6);
    canvas.line([left + width / 2 - 5, top - 14], [left + width / 2 + 5, top - 14], black, 1.6);
    canvas.centered(name, [left + width / 2, frame.top + frame.height + 8], black);
    if (star && i === names.length - 1) canvas.centered('*', [left + width / 2, top - 34], black, 2);
  });
  return finished(canvas);
}

const boxes: FigureKind = {
  name: 'box plot',
  modality: 'chart',
  sketch: (random) => {
    const names = random.shuffled(groups).slice(0, random.whole(3, 5));
    const measure = random.pick(measures);
    const caption = random.pick([
      `box plot of ${measure} for ${names.join(', ')} with medians and whiskers`,
      `distribution of ${measure} in ${counted(names.length, 'group')}: box plot with outliers`,
      `box plot comparing ${measure} between ${names.join(' and ')}`,
    ]);
    return {
      caption: sentence(caption),
      labels: [measure, 'distribution'],
      draw: () => drawBoxes(random.fork('drawing'), names, measure),
    };
  },
};

function drawBoxes(random: Random, names: readonly string[], measure: string): ReturnType<typeof finished> {
  const canvas = paper(random);
  const frame = frameOf(canvas);
  drawAxes(canvas, frame, 'group', measure, 0, 100);
  names.forEach((name, i) => {
    const x = (i + 0.5) / names.length;
    const median = random.between(0.3, 0.7);
    const [low, high] = [median - random.between(0.06, 0.14), median + random.between(0.06, 0.14)];
    const half = (frame.width / names.length) * 0.28;
    const [cx, top] = placeIn(frame, x, high);
    const [, foot] = placeIn(frame, x, low);
    const [, middle] = placeIn(frame, x, median);
    canvas.line(placeIn(frame, x, low - 0.13), placeIn(frame, x, high + 0.13), black);
    for (const end of [low - 0.13, high + 0.13]) {
      const [, y] = placeIn(frame, x, end);
      canvas.line([cx - half / 2, y], [cx + half / 2, y], black);
    }
    const box = rectangle(cx - half, top, half * 2, foot - top);
    canvas.fill(box, seriesColor(i));
    canvas.fill(outline(box, 1.6), black);
    canvas.line([cx - half, middle], [cx + half, middle], black, 3);
    if (random.chance(0.6)) canvas.fill(outline(circle(...placeIn(frame, x, high + 0.2), 3), 1.3), black);
    canvas.centered(name, [cx, frame.top + frame.height + 8], black);
  });
  return finished(canvas);
}

const survival: FigureKind = {
  name: 'survival curve',
  modality: 'chart',
  sketch: (random) => {
    const names = random.pick<readonly string[]>([
      ['Drug', 'Placebo'],
      ['High', 'Low'],
      ['Early', 'Mid', 'Late'],
    ]);
    const unit = random.pick(['months', 'days', 'years']);
    const apart = random.chance(0.6);
    const caption = random.pick([
      `Kaplan-Meier survival curve over ${unit} for ${names.join(' and ')}`,
      `survival curve (Kaplan-Meier) of ${counted(names.length, 'group')}: ${names.join(', ')}; time in ${unit}`,
      `overall survival in ${unit}, Kaplan-Meier survival curve by group (${names.join(', ')})`,
    ]);
    return {
      caption: sentence(`${caption}${apart ? ', the curves separate' : ', the curves run close together'}`),
      labels: ['Kaplan-Meier', unit],
      draw: () => drawSurvival(random.fork('drawing'), names, unit, apart),
    };
  },
};

function drawSurvival(
  random: Random,
  names: readonly string[],
  unit: string,
  apart: boolean,
): ReturnType<typeof finished> {
  const canvas = paper(random);
  const frame = frameOf(canvas);
  drawAxes(canvas, frame, unit, 'survival %', random.pick([24, 36, 60]), 100);
  const speed = random.between(0.5, 1.1);
  names.forEach((name, i) => {
    let [x, y] = [0, 1];
    const points: Point[] = [placeIn(frame, 0, 1)];
    while (x < 1) {
      x = Math.min(1, x + random.between(0.02, 0.09));
      points.push(placeIn(frame, x, y));
      y *= 1 - random.between(0.01, 0.1) * speed * (apart ? 0.4 + i * 0.9 : 1);
      if (x < 1) points.push(placeIn(frame, x, y));
    }
    canvas.path(points, seriesColor(i), 2.4);
    const at: Point = [frame.left + frame.width - 84, frame.top + 6 + i * 14];
    canvas.line([at[0] - 22, at[1] + 4], [at[0] - 6, at[1] + 4], seriesColor(i), 3);
    canvas.text(name, at, black);
  });
  return finished(canvas);
}

const dose: FigureKind = {
  name: 'dose-response curve',
  modality: 'chart',
  sketch: (random) => {
    const count = random.whole(1, 4);
    const rising = random.chance(0.5);
    const caption = random.pick([
      `dose-response curve, ${rising ? 'rising' : 'falling'} sigmoid, ${counted(count, 'compound')}`,
      `${rising ? 'activation' : 'inhibition'} against log concentration: dose-response curve of ${counted(count, 'compound')}`,
      `line chart with a sigmoid dose-response curve for ${counted(count, 'compound')} (${rising ? 'activation' : 'inhibition'})`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['line chart', rising ? 'activation' : 'inhibition'],
      draw: () => drawDose(random.fork('drawing'), count, rising),
    };
  },
};

function drawDose(random: Random, count: number, rising: boolean): ReturnType<typeof finished> {
  const canvas = paper(random);
  const frame = frameOf(canvas);
  drawAxes(canvas, frame, 'log dose', 'response %', 8, 100);
  for (let i = 0; i < count; i++) {
    const middle = random.between(0.3, 0.7);
    const steep = random.between(8, 16);
    const level = (x: number): number => 0.06 + 0.86 / (1 + Math.exp((rising ? -1 : 1) * steep * (x - middle)));
    canvas.path(
      Array.from({ length: 41 }, (_, n) => placeIn(frame, n / 40, level(n / 40))),
      seriesColor(i),
      2.2,
    );
    for (let n = 1; n < 9; n++)
      canvas.fill(circle(...placeIn(frame, n / 9, level(n / 9) + random.normal() * 0.025), 4), seriesColor(i));
  }
  return finished(canvas);
}

export const chartKinds: readonly FigureKind[] = [bars, boxes, survival, dose];
