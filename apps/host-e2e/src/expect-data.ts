/** The `data` of an answer of the generated client. @throws with status and problem when there is none. */
export function dataOf<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.response.ok && answer.data !== undefined) return answer.data;
  const { status, url } = answer.response;
  throw new Error(`${url} answered ${status}: ${JSON.stringify(answer.error)}`);
}

/** Asks again every 25 ms until the answer is not null. @throws after `timeoutMs`, naming what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | null>, timeoutMs = 10_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (Date.now() > deadline) throw new Error(`${what} did not happen within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
