/**
 * Runs `run` and gives copies of what went through the global `fetch` meanwhile, which is the way the SDK's requests
 * take. A captured request can be changed and sent again; `change` alters requests on their way.
 */
export async function captureFetch(
  run: () => Promise<unknown>,
  change: (request: Request) => Request | Promise<Request> = (request) => request,
): Promise<{ requests: readonly Request[]; answers: readonly Response[] }> {
  const requests: Request[] = [];
  const answers: Response[] = [];
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    requests.push(await detached(request.clone()));
    const answer = await original(await change(request));
    answers.push(answer.clone());
    return answer;
  };
  try {
    await run();
  } finally {
    globalThis.fetch = original;
  }
  return { requests, answers };
}

/** A copy that outlives the original: the SDK aborts a request when it is done with it. */
async function detached(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  const body = (await request.text()) || null;
  return new Request(url, { method, headers, body });
}
