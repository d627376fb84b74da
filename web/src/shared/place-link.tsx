import { createContext, type ComponentProps, type RefObject } from 'preact';
import { useContext } from 'preact/hooks';
import { addressOf, start, type Place } from '../place';
import { carryFigure } from './figure-drag';
import { isPlainClick } from './keys';

/** Where the reader is: figures are opened over it. */
export const ShownPlace = createContext<Place>(start);

interface LinkProps extends Omit<ComponentProps<'a'>, 'href' | 'ref' | 'onClick'> {
  readonly linkRef?: RefObject<HTMLAnchorElement>;
}

interface PlaceLinkProps extends LinkProps {
  readonly to: Place;
  /** Goes there within the page. */
  readonly onGo: () => void;
}

/** A link to a place of the page. A plain click stays in the page; a new tab, or a copy of the address, is the browser's matter. */
export function PlaceLink({ to, onGo, linkRef, ...rest }: PlaceLinkProps) {
  return (
    <a
      {...rest}
      {...(linkRef === undefined ? {} : { ref: linkRef })}
      href={addressOf(to)}
      onClick={(event) => {
        if (!isPlainClick(event)) return;
        event.preventDefault();
        onGo();
      }}
    />
  );
}

interface FigureLinkProps extends LinkProps {
  readonly figureId: string;
  readonly onOpen: (figureId: string) => void;
}

/** A link to a figure, which can also be dragged into the search box. */
export function FigureLink({ figureId, onOpen, ...rest }: FigureLinkProps) {
  const place = useContext(ShownPlace);
  return (
    <PlaceLink
      {...rest}
      to={{ ...place, figureId }}
      onGo={() => {
        onOpen(figureId);
      }}
      onDragStart={(event) => {
        carryFigure(event, figureId);
      }}
    />
  );
}
