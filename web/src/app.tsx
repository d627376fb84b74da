import { useEffect, useRef } from 'preact/hooks';
import { CollectionsView } from './collections/collections-view';
import { DropOnCollection } from './collections/drop-on-collection';
import { DuplicatesView } from './duplicates/duplicates-view';
import { FigureView } from './figure/figure-view';
import { Footer } from './footer';
import { HelpSheet } from './help-sheet';
import { LazyAtlas } from './lazy-atlas';
import { addressOf, start, type Place, type PlaceTerm, type Section } from './place';
import { OptionsMenu } from './search/options-menu';
import { toAtlasScope, toQuery } from './search/query';
import { Results } from './search/results';
import { SearchBox } from './search/search-box';
import { SelectionBar } from './selection-bar';
import { SystemView } from './system/system-view';
import { PlaceLink, ShownPlace } from './shared/place-link';
import { text } from './text';
import { useDraft } from './use-draft';
import { usePlace } from './use-place';
import { useSelection } from './use-selection';
import { useTitle } from './use-title';
import { Navigation } from './navigation';

export function App() {
  const navigation = usePlace();
  const { place } = navigation;
  const draft = useDraft(place.text);
  const selection = useSelection();
  const listed = useRef<readonly string[]>([]);
  const openedId = useRef<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useTitle(place);
  useEffect(() => {
    if (place.figureId !== null) openedId.current = place.figureId;
  }, [place.figureId]);

  /** Words that were typed and not sent yet belong to whatever is asked next. */
  const search = (next: Place): void => {
    const words = next.text === place.text ? draft.value : next.text;
    navigation.goTo({ ...next, section: 'search', text: words, figureId: null });
  };
  const use = (terms: readonly PlaceTerm[]): void => {
    const others = place.terms.filter(
      (old) => !terms.some(({ kind, value }) => old.kind === kind && old.value === value),
    );
    search({ ...place, section: 'search', terms: [...others, ...terms] });
  };
  const open = (figureId: string): void => {
    navigation.open({ ...place, figureId });
  };
  const actions = {
    onOpen: open,
    onUse: (figureId: string, weight: 1 | -1) => {
      use([{ kind: 'figure', value: figureId, weight }]);
    },
    selected: selection.ids,
    onSelect: selection.toggle,
    openedId: openedId.current,
  };
  const onListed = (ids: readonly string[]): void => {
    listed.current = ids;
  };

  const content = (): preact.JSX.Element => {
    if (place.figureId !== null) {
      return (
        <FigureView
          id={place.figureId}
          text={place.text}
          listed={listed.current}
          onOpen={open}
          onMove={(figureId) => {
            navigation.replace({ ...place, figureId });
          }}
          onSearch={search}
          onUse={use}
          actions={actions}
          onClose={() => {
            navigation.close({ ...place, figureId: null });
          }}
        />
      );
    }
    switch (place.section) {
      case 'collections':
        return <CollectionsView place={place} onGoTo={navigation.goTo} onListed={onListed} actions={actions} />;
      case 'atlas':
        return (
          <LazyAtlas
            key={addressOf({ ...place, figureId: null })}
            {...toAtlasScope(place)}
            onOpen={open}
            onShowResults={() => {
              search(place);
            }}
            onUse={use}
            onShowAll={() => {
              navigation.goTo({ ...start, section: 'atlas' });
            }}
          />
        );
      case 'duplicates':
        return <DuplicatesView onOpen={open} />;
      case 'system':
        return <SystemView />;
      case 'search':
        return (
          <Results
            place={place}
            onChange={search}
            onListed={onListed}
            onShowOnMap={() => {
              navigation.goTo({ ...place, section: 'atlas' });
            }}
            actions={actions}
            onSearchFor={(words) => {
              // The text holds the words of all terms that draw.
              const terms = place.terms.filter(({ kind, weight }) => kind !== 'text' || weight < 0);
              search({ ...place, text: words, terms });
              // The button that was pressed is gone; the text can be edited.
              input.current?.focus();
            }}
          />
        );
    }
  };

  return (
    <ShownPlace.Provider value={place}>
      <a class="skip" href="#content">
        {text.app.skip}
      </a>
      <header>
        <PlaceLink
          class="name"
          to={start}
          onGo={() => {
            navigation.goTo(start);
          }}
        >
          {text.app.name}
        </PlaceLink>
        <Navigation
          section={place.section}
          onGoTo={(section: Section) => {
            navigation.goTo({ ...start, section });
          }}
        />
        <SearchBox
          draft={draft.value}
          onDraft={draft.set}
          terms={place.terms}
          onTerms={(terms) => {
            search({ ...place, terms });
          }}
          input={input}
          onSearch={() => {
            search(place.section === 'search' ? place : { ...start, text: place.text, terms: place.terms });
          }}
        />
        {toQuery(place) !== null && <OptionsMenu place={place} onChange={search} />}
        <HelpSheet />
      </header>
      {content()}
      <SelectionBar selection={selection} onUse={use} />
      <DropOnCollection selected={selection.ids} />
      <Footer />
    </ShownPlace.Provider>
  );
}
