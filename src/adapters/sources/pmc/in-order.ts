/**
 * Works on some items ahead, and gives the results in the order of the items.
 * @param onEnd told once no more results are wanted, before what is under way is waited for
 */
export async function* inOrder<Item, Result>(
  items: AsyncIterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
  onEnd: () => void,
): AsyncGenerator<Result> {
  const pending: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const result = work(item);
      // It is told where the result is awaited.
      result.catch(() => undefined);
      pending.push(result);
      if (pending.length > ahead) yield await nextOf(pending);
    }
    while (pending.length > 0) yield await nextOf(pending);
  } finally {
    onEnd();
    await Promise.allSettled(pending);
  }
}

async function nextOf<Result>(pending: Promise<Result>[]): Promise<Result> {
  const [first] = pending.splice(0, 1);
  if (first === undefined) throw new RangeError('nothing is under way');
  return first;
}
