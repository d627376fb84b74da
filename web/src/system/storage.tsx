import { text } from '../text';
import type { System } from './queries';

/** What the data takes on the disk. */
export function Storage({ storage }: { readonly storage: System['storage'] }) {
  const { folder, freeBytes, parts } = storage;
  const rows = parts.map(
    ({ name, bytes, isEstimate }) => [text.system.parts[name], text.system.bytes(bytes, isEstimate)] as const,
  );
  return (
    <section>
      <h2>{text.system.storage}</h2>
      <dl class="facts">
        {[...rows, [text.system.free, text.system.bytes(freeBytes, false)] as const].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        <div>
          <dt>{text.system.folder}</dt>
          <dd>
            <code>{folder}</code>
          </dd>
        </div>
      </dl>
    </section>
  );
}
