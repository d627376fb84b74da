/**
 * Both spellings of what the literature writes in several ways. Greek letters become their names ("TNF-α" → "TNF-alpha"),
 * and compounds ("IL-6", "TNF-alpha") are found joined as well ("il6", "tnfalpha", "tnfa"). The same function prepares
 * what is indexed and what is asked.
 */
const greek: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  ι: 'iota',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  ο: 'omicron',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  ς: 'sigma',
  τ: 'tau',
  υ: 'upsilon',
  φ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
};

/** Gene symbols write these with one letter: TNFA for TNF-α, NFKB for NF-κB. */
const letterOf: Readonly<Record<string, string>> = { alpha: 'a', beta: 'b', gamma: 'g', delta: 'd', kappa: 'k' };

const hyphens = /[-‐‑‒–−]/u;
const word = /[\p{L}\p{N}]+/gu;
const compound = /[\p{L}\p{N}]+(?:[-‐‑‒–−][\p{L}\p{N}]+)+/gu;
const longestJoined = 40;

/** Lower case, Greek letters as names of their own words, compatibility forms folded (µ is the letter μ). */
export function plainWords(text: string): readonly string[] {
  const spelled = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Script=Greek}]/gu, (letter) => {
      const name = greek[letter.normalize('NFD').charAt(0)];
      return name === undefined ? letter : ` ${name} `;
    });
  return spelled.match(word) ?? [];
}

/** One word without hyphens, in each way that it may be written: "NF-κB" → "nfkappab", "nfkb". */
export function joinedForms(writtenTogether: string): readonly string[] {
  const parts = plainWords(writtenTogether);
  if (parts.length < 2) return [];
  const spelled = parts.join('');
  const short = parts.map((part) => letterOf[part] ?? part).join('');
  return [...new Set([spelled, short])].filter((form) => form.length <= longestJoined);
}

/** What the keyword index keeps of a text: its words in their order, then the joined forms of its compounds. */
export function searchableText(text: string): string {
  const compounds = text.match(compound) ?? [];
  const withGreek = (text.match(word) ?? []).filter((one) => /[\p{Script=Greek}µ]/u.test(one));
  const joined = [...compounds, ...withGreek].flatMap(joinedForms);
  // The dot parts them: a phrase never goes from the text into the forms.
  return [plainWords(text).join(' '), ...new Set(joined)].join(' . ');
}

export function isCompound(text: string): boolean {
  return hyphens.test(text) || /[\p{Script=Greek}µ]/u.test(text);
}
