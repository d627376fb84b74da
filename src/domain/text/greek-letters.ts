/** Names of the Greek letters. */
const greekNames: Readonly<Record<string, string>> = {
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

/**
 * The Latin letters that stand for Greek ones in gene symbols (TNFA for TNF-α, PRKCQ for PKC-θ): the table of the HUGO
 * Gene Nomenclature Committee's guidelines (Bruford et al., Nature Genetics 2020). `u` is what people type for µ.
 */
const symbolLetters: Readonly<Record<string, readonly string[]>> = {
  alpha: ['a'],
  beta: ['b'],
  gamma: ['g'],
  delta: ['d'],
  epsilon: ['e'],
  zeta: ['z'],
  eta: ['h'],
  theta: ['q'],
  iota: ['i'],
  kappa: ['k'],
  lambda: ['l'],
  mu: ['m', 'u'],
  nu: ['n'],
  xi: ['x'],
  omicron: ['o'],
  pi: ['p'],
  rho: ['r'],
  sigma: ['s'],
  tau: ['t'],
  upsilon: ['y'],
  phi: ['f'],
  chi: ['c'],
  psi: ['u'],
  omega: ['w'],
};

// Longer names only: "eta", "mu", "nu", "pi" … end many other words.
const attachedNames = 'alpha|beta|gamma|delta|epsilon|zeta|theta|kappa|lambda|sigma|omega';
const attached = new RegExp(`^([a-z][a-z0-9]{1,9}|i)(${attachedNames})(?:(\\d{1,2}|b)(${attachedNames})?)?$`, 'u');

// Four or more in a row are a word in Greek, not symbols.
const greekSymbols = /(?<!\p{Script=Greek})\p{Script=Greek}{1,3}(?!\p{Script=Greek})/gu;

/** Whether a folded word is the name of a Greek letter. */
export function isGreekName(word: string): boolean {
  return Object.hasOwn(symbolLetters, word);
}

/** A folded word with its Greek letters as names of their own: "tnfα" → "tnf alpha", "tnfalpha" → "tnf alpha". */
export function spellGreek(word: string): string {
  const spelled = word.replace(greekSymbols, (letters) =>
    [...letters].map((letter) => ` ${greekNames[letter] ?? letter} `).join(''),
  );
  if (spelled !== word) return spelled.trim().replace(/\s+/gu, ' ');
  const parts = attached.exec(word);
  return parts === null ? word : parts.slice(1).filter(Boolean).join(' ');
}

/** Parts written as one word, in each way that symbols with Greek letters are written: "nfkappab" and "nfkb". */
export function joinedSymbols(parts: readonly string[]): readonly string[] {
  let short: readonly string[] = [''];
  for (const part of parts) {
    const letters = symbolLetters[part] ?? [part];
    short = short.flatMap((before) => letters.map((letter) => before + letter)).slice(0, 8);
  }
  return [...new Set([parts.join(''), ...short])];
}
