import { Canvas, black, white, type Color } from './canvas.js';
import { counted, finished, sentence, type FigureKind } from './kind.js';
import { noiseField, type Random } from './random.js';
import type { Point } from './shapes.js';

type Rhythm = 'sinus rhythm' | 'atrial fibrillation' | 'ST elevation' | 'ventricular tachycardia';

const ecg: FigureKind = {
  name: 'electrocardiogram',
  modality: 'signal',
  sketch: (random) => {
    const rhythm: Rhythm = random.pick([
      'sinus rhythm',
      'atrial fibrillation',
      'ST elevation',
      'ventricular tachycardia',
    ]);
    const leads = random.whole(1, 4);
    const words = {
      'sinus rhythm': 'normal sinus rhythm',
      'atrial fibrillation': 'atrial fibrillation with irregular beats and no P waves',
      'ST elevation': 'ST elevation as in a heart attack',
      'ventricular tachycardia': 'ventricular tachycardia with wide, fast beats',
    }[rhythm];
    const caption = random.pick([
      `electrocardiogram (ECG), ${counted(leads, 'lead')}, showing ${words}`,
      `ECG trace on grid paper: ${words} in ${counted(leads, 'lead')} of the electrocardiogram`,
      `electrocardiogram with ${words}`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['ECG', rhythm],
      draw: () => drawEcg(random.fork('drawing'), rhythm, leads),
    };
  },
};

function drawEcg(random: Random, rhythm: Rhythm, leads: number): ReturnType<typeof finished> {
  const pink = random.chance(0.75);
  const canvas = new Canvas(480, random.whole(280, 320), pink ? [255, 244, 240] : white);
  const thin: Color = pink ? [250, 206, 200] : [224, 226, 232];
  for (let i = 0; i < 480; i += 8) {
    const wide = i % 40 === 0 ? 1.6 : 0.8;
    canvas.line([i, 0], [i, canvas.height], thin, wide);
    if (i < canvas.height) canvas.line([0, i], [480, i], thin, wide);
  }
  const names = ['I', 'II', 'V1', 'V5'];
  for (let lead = 0; lead < leads; lead++) {
    const base = ((lead + 0.55) * canvas.height) / leads;
    const height = Math.min(70, (canvas.height / leads) * 0.55) * random.between(0.7, 1);
    canvas.path(trace(random.fork(`lead${lead}`), rhythm, base, height), black, 1.8);
    canvas.text(names[lead] ?? 'II', [6, base - height - 6], black, 2);
  }
  return finished(canvas);
}

function trace(random: Random, rhythm: Rhythm, base: number, height: number): Point[] {
  const ripple = noiseField(random, 9, 2);
  const period = rhythm === 'ventricular tachycardia' ? 34 : random.between(70, 100);
  const beats: number[] = [];
  for (let at = 20; at < 500;) {
    beats.push(at);
    at += period * (rhythm === 'atrial fibrillation' ? random.between(0.55, 1.4) : 1);
  }
  const bump = (x: number, at: number, width: number): number => Math.exp(-(((x - at) / width) ** 2));
  return Array.from({ length: 480 }, (_, x): Point => {
    let level = rhythm === 'atrial fibrillation' ? ripple(x, 0) * 0.07 : 0;
    for (const at of beats) {
      if (Math.abs(x - at) > 70) continue;
      if (rhythm === 'ventricular tachycardia') level += bump(x, at, 8) - 0.4 * bump(x, at + 14, 8);
      else {
        level +=
          bump(x, at, 2.2) - 0.16 * bump(x, at - 5, 2) - 0.24 * bump(x, at + 5, 2.4) + 0.24 * bump(x, at + 26, 8);
        if (rhythm !== 'atrial fibrillation') level += 0.13 * bump(x, at - 16, 5);
        if (rhythm === 'ST elevation') level += 0.42 * bump(x, at + 15, 9);
      }
    }
    return [x, base - level * height];
  });
}

const eeg: FigureKind = {
  name: 'electroencephalogram',
  modality: 'signal',
  sketch: (random) => {
    const channels = random.whole(6, 12);
    const state = random.pick(['alpha rhythm', 'seizure', 'sleep spindles'] as const);
    const words = {
      'alpha rhythm': 'a regular alpha rhythm',
      seizure: 'spike-and-wave discharges of a seizure',
      'sleep spindles': 'slow waves with sleep spindles',
    }[state];
    const caption = random.pick([
      `electroencephalogram (EEG) with ${channels} channels showing ${words}`,
      `EEG recording: ${words} in ${channels} traces of the electroencephalogram`,
      `${words} in a ${channels}-channel electroencephalogram`,
    ]);
    return {
      caption: sentence(caption),
      labels: ['EEG', state],
      draw: () => drawEeg(random.fork('drawing'), channels, state),
    };
  },
};

function drawEeg(random: Random, channels: number, state: string): ReturnType<typeof finished> {
  const canvas = new Canvas(480, random.whole(300, 360), white);
  const ink: Color = random.pick([black, [20, 40, 130]]);
  const names = ['Fp1', 'Fp2', 'F3', 'F4', 'C3', 'C4', 'P3', 'P4', 'O1', 'O2', 'T3', 'T4'];
  for (let x = 60; x < 480; x += 70) canvas.line([x, 0], [x, canvas.height], [216, 220, 226], 1);
  const onset = random.between(120, 220);
  for (let channel = 0; channel < channels; channel++) {
    const base = ((channel + 0.5) * canvas.height) / channels;
    const room = (canvas.height / channels) * 0.5;
    const drift = noiseField(random, 30, 3);
    const points = Array.from({ length: 440 }, (_, i): Point => {
      const x = 36 + i;
      let level = drift(x, channel * 50) * 0.4;
      if (state === 'alpha rhythm') level += 0.4 * Math.sin(x * 0.62 + channel);
      if (state === 'seizure' && x > onset)
        level += ((x - onset) % 24 < 5 ? 1.4 : -0.4) * Math.sin((((x - onset) % 24) / 24) * 6.28 + 0.6);
      if (state === 'sleep spindles')
        level += 0.7 * Math.sin(x * 0.08 + channel * 0.2) + (x > onset && x < onset + 70 ? 0.5 * Math.sin(x * 1.1) : 0);
      return [x, base - level * room];
    });
    canvas.path(points, ink, 1.3);
    canvas.text(names[channel] ?? '', [4, base - 4], black);
  }
  return finished(canvas);
}

export const signalKinds: readonly FigureKind[] = [ecg, eeg];
