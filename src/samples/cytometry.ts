import { drawAxes, frameOf, placeIn, seriesColor } from './axes.js';
import { Canvas, black, white, type Color } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import type { Random } from './random.js';
import { circle, ellipse, outline, type Point } from './shapes.js';

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

export const cytometryKinds: readonly FigureKind[] = [cytometry, tree];
