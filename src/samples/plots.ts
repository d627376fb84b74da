import { drawAxes, frameOf, placeIn, seriesColor } from './axes.js';
import { Canvas, black, grey, mixed, white, type Color } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import type { Random } from './random.js';
import { circle, ellipse, outline, rectangle, type Point } from './shapes.js';

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
  const [low, middle, high] = scales[scale] ?? [black, grey(128), white];
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
    dot(0.5 + x, Math.abs(random.normal()) * 0.12 + Math.abs(x) * random.between(0, 0.7), grey(150));
  }
  for (let i = 0; i < up; i++) dot(random.between(0.66, 0.95), random.between(0.34, 0.9), [210, 40, 40]);
  for (let i = 0; i < down; i++) dot(random.between(0.05, 0.34), random.between(0.34, 0.9), [40, 80, 200]);
  for (const x of [0.35, 0.65])
    for (let i = 0; i < 20; i++) canvas.line(placeIn(frame, x, i / 20), placeIn(frame, x, (i + 0.5) / 20), grey(90), 1);
  for (let i = 0; i < 24; i++)
    canvas.line(placeIn(frame, i / 24, 0.32), placeIn(frame, (i + 0.5) / 24, 0.32), grey(90), 1);
  return finished(canvas);
}

const cytometry: FigureKind = {
  name: 'flow cytometry plot',
  modality: 'chart',
  sketch: (random) => {
    const marker = random.pick(['CD4', 'CD8', 'CD3', 'CD19', 'CD45'] as const);
    const other = random.pick(['SSC', 'FSC', 'CD25'] as const);
    const clusters = random.whole(1, 3);
    const gate = random.chance(0.6);
    const caption = random.pick([
      `flow cytometry plot of ${marker} against ${other} with ${counted(clusters, 'cell population')}`,
      `flow cytometry plot: ${counted(clusters, 'cluster')} of events, ${marker} and ${other}`,
      `dot plot from flow cytometry (flow cytometry plot), ${other} and ${marker}, ${counted(clusters, 'population')}`,
    ]);
    return {
      caption: sentence(`${caption}${gate ? ', gated by an ellipse' : ', divided into quadrants'}`),
      labels: ['scatter plot', marker, gate ? 'gate' : 'quadrants'],
      draw: () => drawCytometry(random.fork('drawing'), marker, other, clusters, gate),
    };
  },
};

function drawCytometry(
  random: Random,
  marker: string,
  other: string,
  clusters: number,
  gate: boolean,
): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(330, 370), random.whole(330, 350), white);
  const frame = frameOf(canvas);
  const hot = random.chance(0.6);
  drawAxes(canvas, frame, marker, other, 5, 5);
  for (let c = 0; c < clusters; c++) {
    const at: Point = [0.24 + 0.28 * c + random.between(-0.04, 0.04), random.between(0.25, 0.75)];
    const [sx, sy] = [random.between(0.04, 0.08), random.between(0.05, 0.1)];
    for (let i = 0; i < 900; i++) {
      const [u, v] = [random.normal(), random.normal()];
      const near = Math.exp(-(u * u + v * v) / 2);
      const tone: Color = hot
        ? near > 0.7
          ? [220, 40, 30]
          : near > 0.4
            ? [240, 200, 40]
            : near > 0.2
              ? [60, 190, 90]
              : [40, 70, 200]
        : [30, 30, 60];
      const x = Math.min(1, Math.max(0, at[0] + u * sx));
      canvas.fill(circle(...placeIn(frame, x, Math.min(1, Math.max(0, at[1] + v * sy))), 1.1), tone);
    }
    if (gate && c === 0)
      canvas.fill(
        outline(ellipse(...placeIn(frame, at[0], at[1]), sx * frame.width * 2.5, sy * frame.height * 2.4), 2),
        black,
      );
  }
  if (!gate) {
    canvas.line(placeIn(frame, 0.45, 0), placeIn(frame, 0.45, 1), black, 1.2);
    canvas.line(placeIn(frame, 0, 0.5), placeIn(frame, 1, 0.5), black, 1.2);
  }
  return finished(canvas);
}

const tree: FigureKind = {
  name: 'phylogenetic tree',
  modality: 'diagram',
  sketch: (random) => {
    const leaves = random.whole(7, 16);
    const clades = random.whole(2, 3);
    const caption = random.pick([
      `phylogenetic tree of ${leaves} species in ${counted(clades, 'coloured clade')}`,
      `rooted phylogenetic tree with ${leaves} leaves, ${counted(clades, 'clade')}`,
      `evolutionary relationship of ${leaves} strains: phylogenetic tree, ${counted(clades, 'clade')} in colour`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['evolution', counted(clades, 'clade')],
      draw: () => drawTree(random.fork('drawing'), leaves, clades),
    };
  },
};

function drawTree(random: Random, leaves: number, clades: number): ReturnType<typeof finished> {
  const canvas = new Canvas(random.whole(360, 420), 40 + leaves * 21, white);
  const branch = (from: number, to: number, x: number, color: Color, deep: number): number => {
    if (to - from === 1) {
      const y = 26 + from * 21;
      canvas.line([x, y], [canvas.width - 100, y], color, 2);
      canvas.text(`Species ${String.fromCharCode(65 + from)}`, [canvas.width - 92, y - 4], color);
      return y;
    }
    const cut = deep === 0 ? Math.max(1, Math.round(leaves / clades)) : random.whole(from + 1, to - 1);
    const next = x + random.between(12, 46) * (6 / (6 + deep));
    const tone = (part: number): Color => (deep < clades - 1 ? seriesColor(part === 0 ? deep : deep + 1) : color);
    const split = deep === 0 ? Math.min(to - 1, cut) : cut;
    const top = branch(from, split, next, tone(0), deep + 1);
    const foot = branch(split, to, next, tone(1), deep + 1);
    canvas.line([next, top], [next, foot], color, 2);
    canvas.line([x, (top + foot) / 2], [next, (top + foot) / 2], color, 2);
    return (top + foot) / 2;
  };
  branch(0, leaves, 16, black, 0);
  canvas.line([20, canvas.height - 10], [60, canvas.height - 10], black, 2);
  canvas.text('0.1', [66, canvas.height - 14], black);
  return finished(canvas);
}

export const plotKinds: readonly FigureKind[] = [heat, volcano, cytometry, tree];
