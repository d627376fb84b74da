import { sections, start, addressOf, type Section } from './place';
import { isPlainClick } from './shared/keys';
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
        <a
          key={one}
          href={addressOf({ ...start, section: one })}
          aria-current={one === section ? 'page' : undefined}
          onClick={(event) => {
            // A new tab is the browser's matter.
            if (!isPlainClick(event)) return;
            event.preventDefault();
            onGoTo(one);
          }}
        >
          {text.app.sections[one]}
        </a>
      ))}
    </nav>
  );
}
