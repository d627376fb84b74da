/** A list of many items may have the same mistake in each. */
const maxNamed = 20;

/** What a validation found: each field with what was expected of it, in one line. */
export function issuesInWords(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  const named = issues
    .slice(0, maxNamed)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`))
    .join('; ');
  return issues.length > maxNamed ? `${named}; and ${issues.length - maxNamed} more` : named;
}
