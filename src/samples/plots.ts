import { drawAxes, frameOf, placeIn } from './axes.js';
import { Canvas, black, gray, mixed, white, type Color } from './canvas.js';
import { finished, sentence, type FigureKind } from './kind.js';
import type { Random } from './random.js';
import { circle, rectangle } from './shapes.js';

const heat: FigureKind = {
  name: 'heat map',
  modality: 'chart',
  sketch: (random) => {
    const [rows, columns] = [random.whole(10, 24), random.whole(6, 14)];
    const scale = random.pick(['blue to red', 'green to red', 'yellow to purple'] as const);
    const caption = random.pick([
      `heat map of gene expression, ${rows} genes by ${columns} samples, ${scale}`,
      `expression heat map (${scale}) of ${rows} rows and ${columns} columns in two clusters`,
      `clustered heat map: ${columns} samples, ${rows} genes, colour scale ${scale}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['gene expression', scale],
      draw: () => drawHeat(random.fork('drawing'), rows, columns, scale),
    };
  },
};

const scales: Readonly<Record<string, readonly [Color, Color, Color]>> = {
  'blue to red': [
    [40, 70, 190],
    [246, 246, 246],
    [200, 30, 40],
  ],
  'green to red': [
    [20, 190, 60],
    [10, 10, 10],
    [220, 30, 30],
  ],
  'yellow to purple': [
    [250, 220, 60],
    [60, 150, 140],
    [70, 10, 90],
  ],
};

function drawHeat(random: Random, rows: number, columns: number, scale: string): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(330, 400), random.whole(330, 360), white);
  const [low, middle, high] = scales[scale] ?? [black, gray(128), white];
  const [width, height] = [(canvas.width - 90) / columns, (canvas.height - 70) / rows];
  const split = [random.whole(2, columns - 2), random.whole(3, rows - 3)] as const;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const level = (column < split[0] === row < split[1] ? 0.45 : -0.45) + random.normal() * 0.32;
      const tone = level < 0 ? mixed(middle, low, Math.min(1, -level)) : mixed(middle, high, Math.min(1, level));
      canvas.fill(rectangle(20 + column * width, 30 + row * height, width, height), tone);
    }
    canvas.text(`G${row + 1}`, [canvas.width - 64, 30 + row * height], black);
  }
  for (let i = 0; i < 60; i++)
    canvas.fill(
      rectangle(canvas.width - 24, 30 + i * 2, 10, 3),
      i < 30 ? mixed(high, middle, i / 30) : mixed(middle, low, (i - 30) / 30),
    );
  for (let column = 0; column < columns; column++)
    canvas.line([20 + (column + 0.5) * width, 14], [20 + (column + 0.5) * width, 28], black, 1);
  canvas.line([20 + width / 2, 14], [20 + (columns - 0.5) * width, 14], black, 1);
  return finished(canvas);
}

const volcano: FigureKind = {
  name: 'volcano plot',
  modality: 'chart',
  sketch: (random) => {
    const [up, down] = [random.whole(5, 60), random.whole(5, 60)];
    const caption = random.pick([
      `volcano plot of differential expression: ${up} genes up, ${down} genes down`,
      `volcano plot, log fold change against -log p; ${up} up-regulated (red) and ${down} down-regulated (blue) genes`,
      `scatter of fold change and significance (volcano plot) with ${up} increased and ${down} decreased genes`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['scatter plot', 'differential expression'],
      draw: () => drawVolcano(random.fork('drawing'), up, down),
    };
  },
};

function drawVolcano(random: Random, up: number, down: number): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(340, 400), random.whole(320, 350), white);
  const frame = frameOf(canvas);
  drawAxes(canvas, frame, 'log2 fold', '-log10 p', 0, 12);
  const dot = (x: number, y: number, color: Color): void => {
    canvas.fill(circle(...placeIn(frame, Math.min(0.98, Math.max(0.02, x)), Math.min(0.96, y)), 2.6), color, {
      alpha: 0.8,
    });
  };
  for (let i = 0; i < 420; i++) {
    const x = random.normal() * 0.16;
    dot(0.5 + x, Math.abs(random.normal()) * 0.12 + Math.abs(x) * random.between(0, 0.7), gray(150));
  }
  for (let i = 0; i < up; i++) dot(random.between(0.66, 0.95), random.between(0.34, 0.9), [210, 40, 40]);
  for (let i = 0; i < down; i++) dot(random.between(0.05, 0.34), random.between(0.34, 0.9), [40, 80, 200]);
  for (const x of [0.35, 0.65])
    for (let i = 0; i < 20; i++) canvas.line(placeIn(frame, x, i / 20), placeIn(frame, x, (i + 0.5) / 20), gray(90), 1);
  for (let i = 0; i < 24; i++)
    canvas.line(placeIn(frame, i / 24, 0.32), placeIn(frame, (i + 0.5) / 24, 0.32), gray(90), 1);
  return finished(canvas);
}

export const plotKinds: readonly FigureKind[] = [heat, volcano];
