import { articleNames, readMentions, type Mentions } from './mentions.js';
import { readPermissions, type Permissions } from './permissions.js';
import { plainText } from './plain-text.js';
import { ancestorsOf, childOf, childrenOf, findAll, nearestAncestor } from './xml-queries.js';
import type { XmlElement } from './xml-tree.js';

/** A figure as an article has it. */
export interface ArticleFigure {
  readonly id: string | null;
  readonly label: string | null;
  readonly caption: string;
  readonly alt: string | null;
  /** Whom the picture is from. */
  readonly credit: string | null;
  /** Null where the figure says nothing of its own: then the article's hold. */
  readonly permissions: Permissions | null;
  /** Pictures of the figure; for each the names it may have, the best first. None: it has no picture. */
  readonly pictures: readonly (readonly string[])[];
  /** Sentences of the article that refer to the figure. */
  readonly mentions: readonly string[];
}

/** Where a graphic is no picture of the figure around it. */
const otherPlaces: ReadonlySet<string> = new Set([
  'caption',
  'chem-struct-wrap',
  'disp-formula',
  'inline-formula',
  'permissions',
  'supplementary-material',
]);

const thumbnail = /thumb|scielo-\d+x\d+|small|icon/i;
/** Files that are shown as they are, before those that have to be converted, and these before vector drawings. */
const preferred = [/\.(?:jpe?g|png|webp|avif)$/i, /\.(?:tiff?|gif)$/i] as const;

/** The figures of an article or sub-article itself, in its order; those of its sub-articles are theirs. */
export function readFigures(scope: XmlElement): readonly ArticleFigure[] {
  const elements = findAll(scope, 'fig').filter((fig) => nearestAncestor(fig, ...articleNames) === scope);
  const groups = findAll(scope, 'fig-group');
  const ids = new Set([...elements, ...groups].flatMap(({ attributes }) => attributes.get('id') ?? []));
  const mentions = readMentions(scope, ids);
  const figures = new Map(elements.map((fig) => [fig, readFigure(fig, mentions)]));
  for (const group of groups) joinLanguages(childrenOf(group, 'fig'), figures);
  return [...figures.values()];
}

function readFigure(fig: XmlElement, mentions: Mentions): ArticleFigure {
  const group = nearestAncestor(fig, 'fig-group');
  const own = plainText(childOf(fig, 'caption'));
  const ofGroup = group === null ? '' : plainText(childOf(group, 'caption'));
  const label = plainText(childOf(fig, 'label')) || (group === null ? '' : plainText(childOf(group, 'label')));
  const permissions = findOwn(fig, 'permissions')[0];
  return {
    id: fig.attributes.get('id') ?? null,
    label: textOrNull(label),
    caption: [ofGroup, own].filter((text) => text !== '').join(' '),
    alt: textOrNull(findOwn(fig, 'alt-text', 'long-desc').map(plainText).join(' ')),
    credit: textOrNull(findOwn(fig, 'attrib').map(plainText).join(' ')),
    permissions: permissions === undefined ? null : readPermissions(permissions),
    pictures: readPictures(fig),
    mentions: mentionsOf(fig, mentions) ?? (group === null ? null : mentionsOf(group, mentions)) ?? [],
  };
}

/** Elements of a figure; those of a figure within it are that one's. */
function findOwn(fig: XmlElement, ...names: readonly string[]): readonly XmlElement[] {
  return findAll(fig, ...names).filter((element) => nearestAncestor(element, 'fig') === fig);
}

function mentionsOf({ attributes }: XmlElement, mentions: Mentions): readonly string[] | null {
  return mentions.get(attributes.get('id') ?? '') ?? null;
}

function readPictures(fig: XmlElement): readonly (readonly string[])[] {
  const pictures = new Map<XmlElement, string[]>();
  for (const graphic of findAll(fig, 'graphic')) {
    const href = (graphic.attributes.get('href') ?? '').trim();
    if (href === '' || isThumbnail(graphic) || !isPictureOf(graphic, fig)) continue;
    // Graphics among alternatives are forms of one picture.
    const picture = nearestAncestor(graphic, 'alternatives', 'fig');
    const key = picture?.name === 'alternatives' ? picture : graphic;
    pictures.set(key, [...(pictures.get(key) ?? []), href]);
  }
  return [...pictures.values()].map((names) => names.sort((a, b) => rankOf(a) - rankOf(b)));
}

function isPictureOf(graphic: XmlElement, fig: XmlElement): boolean {
  for (const { name } of ancestorsWithin(graphic, fig)) if (otherPlaces.has(name)) return false;
  return nearestAncestor(graphic, 'fig', 'fig-group', 'table-wrap', ...articleNames) === fig;
}

function* ancestorsWithin(element: XmlElement, end: XmlElement): Generator<XmlElement> {
  for (const ancestor of ancestorsOf(element)) {
    if (ancestor === end) return;
    yield ancestor;
  }
}

/** SciELO names small copies by their size; its `scielo-web` without a size is the full picture. */
function isThumbnail({ attributes }: XmlElement): boolean {
  const [kind, use] = [attributes.get('content-type') ?? '', attributes.get('specific-use') ?? ''];
  return thumbnail.test(`${kind} ${use}`) && (use !== 'scielo-web' || kind.includes('scielo-'));
}

function rankOf(name: string): number {
  const rank = preferred.findIndex((suffix) => suffix.test(name));
  return rank < 0 ? preferred.length : rank;
}

/** A group may hold one picture with a caption in each language: the figure that has the picture takes all captions. */
function joinLanguages(members: readonly XmlElement[], figures: Map<XmlElement, ArticleFigure>): void {
  const read = members.flatMap((member) => {
    const figure = figures.get(member);
    return figure === undefined ? [] : [{ member, figure }];
  });
  const [shown, ...others] = read.filter(({ figure }) => figure.pictures.length > 0);
  if (shown === undefined || others.length > 0) return;
  const without = read.filter(({ figure }) => figure.pictures.length === 0);
  for (const { member } of without) figures.delete(member);
  figures.set(
    shown.member,
    without.reduce((joined, { figure }) => withFurtherCaption(joined, figure), shown.figure),
  );
}

/** A figure with the caption and mentions that the same picture has in another language. */
export function withFurtherCaption(figure: ArticleFigure, other: ArticleFigure): ArticleFigure {
  const isNew = other.caption !== '' && !figure.caption.includes(other.caption);
  return {
    ...figure,
    caption: isNew ? [figure.caption, other.caption].filter((text) => text !== '').join('\n') : figure.caption,
    mentions: [...new Set([...figure.mentions, ...other.mentions])],
  };
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}
