import {
  MaskPromptsText,
  OneFigureText,
  OneMaskText,
  PanelsNowText,
  RecognitionText,
  ReleasePanelsText,
  ReusedText,
  SetPanelsText,
  type MaskPromptsQuery,
  type OneFigureQuery,
  type OneMaskQuery,
  type PanelInput,
  type PanelsNowQuery,
  type RecognitionQuery,
  type ReusedQuery,
} from '../generated/operations';
import { AnswerError, ask } from '../shared/server';
import { text } from '../text';

export type FigureDetail = NonNullable<OneFigureQuery['figure']>;
export type Reuse = ReusedQuery['duplicatesOf'][number];
export type MaskPrompts = MaskPromptsQuery['maskPrompts'];
export type Mask = NonNullable<OneMaskQuery['figure']>['mask'];
type Recognition = NonNullable<RecognitionQuery['figure']>['recognise'];

/** @param text what is searched for: the figure tells where it shows it */
export async function oneFigure(id: string, text: string, signal: AbortSignal): Promise<FigureDetail | null> {
  return (await ask<OneFigureQuery>(OneFigureText, { id, text }, signal)).figure ?? null;
}

/** Changed copies and parts of a figure's pictures in other figures; each other figure once. */
export async function reusedPictures(id: string, signal: AbortSignal): Promise<readonly Reuse[]> {
  const { duplicatesOf } = await ask<ReusedQuery>(ReusedText, { id }, signal);
  return [...new Map(duplicatesOf.map((match) => [match.figure.id, match])).values()];
}

/** How long one question for a mask waits: shorter than the time after which proxies take a connection for dead. */
const maskWaitMs = 20_000;

/**
 * Asks until the mask is made, or failed.
 * @param imageType whose statistics count; null for the server's choice
 */
export async function mask(
  figureId: string,
  prompt: string,
  imageType: string | null,
  signal: AbortSignal,
): Promise<Mask> {
  const asked = { figureId, prompt, imageType, waitMs: maskWaitMs };
  for (;;) {
    const { figure } = await ask<OneMaskQuery>(OneMaskText, asked, signal);
    if (figure == null) throw new AnswerError(text.figure.gone);
    if (figure.mask.status !== 'PENDING') return figure.mask;
  }
}

/** Asks until all objects of an image type were looked for, or that failed. */
export async function detectObjects(figureId: string, imageType: string, signal: AbortSignal): Promise<Recognition> {
  for (;;) {
    const asked = { figureId, imageType, waitMs: maskWaitMs };
    const { figure } = await ask<RecognitionQuery>(RecognitionText, asked, signal);
    if (figure == null) throw new AnswerError(text.figure.gone);
    if (figure.recognise.status !== 'PENDING') return figure.recognise;
  }
}

export async function maskPrompts(signal: AbortSignal): Promise<MaskPrompts> {
  return (await ask<MaskPromptsQuery>(MaskPromptsText, {}, signal)).maskPrompts;
}

/** The panels of a figure as they are now; null where it is gone. */
export async function panelsNow(id: string): Promise<Pick<FigureDetail, 'panels' | 'width' | 'height'> | null> {
  return (await ask<PanelsNowQuery>(PanelsNowText, { id })).figure ?? null;
}

/** Puts panels in the place of those that a figure has beside the whole; none: it stays whole. */
export async function setPanels(figureId: string, panels: readonly PanelInput[]): Promise<void> {
  await ask(SetPanelsText, { figureId, panels });
}

/** Gives up panels that a person set: those of the record, or those that are found, come back. */
export async function releasePanels(figureId: string): Promise<void> {
  await ask(ReleasePanelsText, { figureId });
}
