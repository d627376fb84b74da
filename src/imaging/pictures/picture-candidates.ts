import type { PictureCode, PictureGuess } from '../../domain/picture-likeness.js';
import { hammingDistance, hashOf, positions, prefixStep, probesOf, repositioned, type Position } from './patch-code.js';
import type { PictureFeatures } from './picture-signature.js';
import { placementOf, toUnits } from './placement.js';

/** A feature of the picture at hand that looks like one of a stored picture. */
interface Agreement {
  readonly distance: number;
  readonly place: number;
  readonly otherPlace: number;
  readonly position: Position;
}

/** A picture that may show the same, and what speaks for it, best first. */
export interface PictureCandidate {
  readonly panel: number;
  readonly agreements: readonly Agreement[];
}

/** So many of the weakest signs of a prefix may differ. */
const weakestSigns = 4;
/** So many of the 44 signs of a hash may differ. */
const mostDistance = 5;
/** How many guesses of a candidate are tried. */
const mostGuesses = 6;

/** What stands under a hash of the picture at hand. */
interface Probe {
  readonly place: number;
  readonly position: Position;
  readonly hash: number;
}

/** Finds, in an index of features, pictures that may be copies of one, in all eight positions. */
export class CandidateSearch {
  private readonly probes = new Map<number, Probe[]>();

  constructor(private readonly signature: PictureFeatures) {
    signature.features.forEach(({ code }, place) => {
      for (const position of positions) {
        const turned = repositioned(code, position);
        const probe = { place, position, hash: hashOf(turned) };
        for (const prefix of probesOf(turned, weakestSigns)) {
          const list = this.probes.get(prefix);
          if (list === undefined) this.probes.set(prefix, [probe]);
          else list.push(probe);
        }
      }
    });
  }

  /** What to look for in the index. */
  get prefixes(): readonly number[] {
    return [...this.probes.keys()];
  }

  /** @param found all codes under the prefixes @param most how many candidates to give, those with the most agreement */
  candidates(found: Iterable<PictureCode>, most: number): readonly PictureCandidate[] {
    const byPanel = new Map<number, Agreement[]>();
    for (const { panel, place: otherPlace, prefix, rest } of found) {
      for (const { place, position, hash } of this.probes.get(prefix) ?? []) {
        const distance = hammingDistance(hash, prefix * prefixStep + rest);
        if (distance > mostDistance) continue;
        const list = byPanel.get(panel);
        const agreement = { distance, place, otherPlace, position };
        if (list === undefined) byPanel.set(panel, [agreement]);
        else list.push(agreement);
      }
    }
    return [...byPanel]
      .map(([panel, agreements]) => ({ panel, agreements: agreements.sort((a, b) => a.distance - b.distance) }))
      .sort((a, b) => strength(b) - strength(a) || a.panel - b.panel)
      .slice(0, most);
  }

  /** Where the picture at hand may lie in a candidate. @param other the candidate's signature */
  guesses({ agreements }: PictureCandidate, other: PictureFeatures): readonly PictureGuess[] {
    return agreements.slice(0, mostGuesses).flatMap(({ place, otherPlace, position }) => {
      const [own, its] = [this.signature.features[place], other.features[otherPlace]];
      if (own === undefined || its === undefined) return [];
      const [from, to] = [toUnits(own.frame, this.signature), toUnits(its.frame, other)];
      // The picture at hand was turned to look like the candidate; a placement says how the candidate has to be turned.
      return [{ placement: inverse(placementOf(to, from, position)), frame: from }];
    });
  }
}

function strength({ agreements }: PictureCandidate): number {
  return agreements.reduce((sum, { distance }) => sum + mostDistance + 1 - distance, 0);
}

function inverse({ a, b, c, d, e, f }: PictureGuess['placement']): PictureGuess['placement'] {
  const determinant = a * d - b * c;
  const [ia, ib, ic, id] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  return { a: ia, b: ib, c: ic, d: id, e: -(ia * e + ib * f), f: -(ic * e + id * f) };
}

/** The hash of each feature, as an index keeps it. */
export function storedCodes(panel: number, { features }: PictureFeatures): readonly PictureCode[] {
  return features.map(({ code }, place) => {
    const hash = hashOf(code);
    return { panel, place, prefix: Math.floor(hash / prefixStep), rest: hash % prefixStep };
  });
}
