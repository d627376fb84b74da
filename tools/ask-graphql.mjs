/**
 * Asks a server by GraphQL.
 * @param {string} url of the server
 * @param {string} query
 * @param {Readonly<Record<string, unknown>>} [variables]
 * @returns the data of the answer, whose shape the query tells
 * @throws {Error} with the first error of the answer
 */
export async function askGraphql(url, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = JSON.parse(await response.text());
  if (errors !== undefined) throw new Error(errors[0].message);
  return data;
}
