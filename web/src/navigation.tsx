import { sections, start, type Section } from './place';
import { PlaceLink } from './shared/place-link';
import { text } from './text';

interface NavigationProps {
  readonly section: Section;
  readonly onGoTo: (section: Section) => void;
}

/** The ways to the other parts of the page. */
export function Navigation({ section, onGoTo }: NavigationProps) {
  return (
    <nav aria-label={text.app.sectionsLabel}>
      {sections.map((one) => (
        <PlaceLink
          key={one}
          to={{ ...start, section: one }}
          aria-current={one === section ? 'page' : undefined}
          onGo={() => {
            onGoTo(one);
          }}
        >
          {text.app.sections[one]}
        </PlaceLink>
      ))}
    </nav>
  );
}
