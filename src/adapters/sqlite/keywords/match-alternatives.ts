const tokens = /"[^"]*"\*?|\(|\)|OR|AND|NOT|(?:[a-z]+|\{[a-z ]+\}) :/g;

/**
 * The parts of an expression that only joins them by OR, each with the columns that it is looked for in: BM25 of the
 * expression is the sum over its parts.
 * @param expression from `toMatchExpression`
 * @returns null where the expression joins anything by AND or NOT
 */
export function splitAlternatives(expression: string): readonly string[] | null {
  const found: string[] = [];
  const columns: string[] = [];
  let column = '';
  for (const [token] of expression.matchAll(tokens)) {
    if (token === 'AND' || token === 'NOT') return null;
    if (token === '(') {
      columns.push(column);
    } else if (token === ')') {
      column = columns.pop() ?? '';
    } else if (token.endsWith(':')) {
      column = `${token} `;
    } else if (token !== 'OR') {
      found.push(column + token);
    }
  }
  return found;
}
