import { useRef } from 'preact/hooks';
import { useKey } from './shared/keys';
import { text } from './text';

/** All keys of the page; “?” opens it. */
export function HelpSheet() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = (): void => {
    dialog.current?.showModal();
  };
  useKey('?', open);
  return (
    <>
      <button type="button" class="help-button" title={text.keys.hint} onClick={open}>
        {text.app.help}
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title" class="help">
        <h2 id="keys-title">{text.keys.title}</h2>
        {text.keys.groups.map(({ name, keys }) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, does]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <form method="dialog">
          <button type="submit">{text.app.close}</button>
        </form>
      </dialog>
    </>
  );
}
