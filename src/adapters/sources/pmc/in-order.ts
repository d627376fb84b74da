/**
 * Works on several items at the same time, and gives the results in the order of the items.
 * @param ahead how many items beyond the one whose result is awaited are begun
 * @param onEnd called when no more results are wanted, so that work under way can be stopped before it is waited for
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
      // A failure is thrown below, where the result is awaited; until then it must not count as unhandled.
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
