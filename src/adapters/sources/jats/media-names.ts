import path from 'node:path';

/** Suffixes of a picture that an article names without one, or with that of a file that was not published. */
const suffixes = ['.jpg', '.jpeg', '.png', '.webp', '.tif', '.tiff', '.gif', '.avif'] as const;
const knownSuffix = /\.(?:jpe?g|png|webp|tiff?|gif|avif|bmp|eps|svg|pdf|ai|wmf|emf)$/i;

/** Names of the files beside an article, by what the article calls them. */
export class MediaNames {
  private readonly byPath = new Map<string, string>();
  private readonly byName = new Map<string, string[]>();
  private readonly used = new Set<string>();

  /** @param files paths below the article's folder, with `/` */
  constructor(private readonly files: readonly string[]) {
    for (const file of files) {
      setFirst(this.byPath, formOf(file), file);
      const name = formOf(path.posix.basename(file));
      this.byName.set(name, [...(this.byName.get(name) ?? []), file]);
    }
  }

  /**
   * The file of a picture: of the name that the article gives, else of the same name with another suffix (articles name
   * pictures without suffix, or the author's TIFF where the publisher gives a JPEG).
   * A path counts from the article's folder; a name alone counts where only one file below that folder has it.
   * @param wanted names that the picture may have, the best first: paths, addresses, or names like `pone.0000217.g001`
   * @param folder of the article, as the files are named
   */
  find(wanted: readonly string[], folder = ''): string | null {
    const names = wanted.flatMap((name) => [decoded(name), decoded(name).replace(/^.*[/\\]/, '')]);
    const stems = names.map((name) => name.replace(knownSuffix, ''));
    const found =
      this.firstOf(names, folder) ??
      this.firstOf(
        stems.flatMap((stem) => suffixes.map((suffix) => `${stem}${suffix}`)),
        folder,
      ) ??
      this.firstOf(
        names.flatMap((name) => suffixes.map((suffix) => `${name}${suffix}`)),
        folder,
      );
    if (found !== null) this.used.add(found);
    return found;
  }

  /** Files that no figure named so far. */
  unused(): readonly string[] {
    return this.files.filter((file) => !this.used.has(file));
  }

  /** Whether a file is a further form (mostly a smaller one) of a picture that was named. */
  isFurtherForm(file: string): boolean {
    const stem = formOf(file.replace(knownSuffix, ''));
    for (const one of this.used) if (formOf(one.replace(knownSuffix, '')) === stem) return true;
    return false;
  }

  private firstOf(names: readonly string[], folder: string): string | null {
    for (const name of names) {
      const found = this.byPath.get(formOf(path.posix.join(folder, name))) ?? this.onlyBelow(folder, name);
      if (found !== undefined && knownSuffix.test(found)) return found;
    }
    return null;
  }

  private onlyBelow(folder: string, name: string): string | undefined {
    const start = folder === '' || folder === '.' ? '' : `${folder}/`;
    const [only, ...others] = (this.byName.get(formOf(name)) ?? []).filter((file) => file.startsWith(start));
    return others.length === 0 ? only : undefined;
  }
}

/** Publishers mix capitals, and disks of macOS keep “ü” as two characters. */
function formOf(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function setFirst(map: Map<string, string>, key: string, value: string): void {
  if (!map.has(key)) map.set(key, value);
}
