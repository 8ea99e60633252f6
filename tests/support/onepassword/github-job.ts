import { createServer } from 'node:http';
import { listen } from '../listen.js';
import { formatJsonWebToken } from './model/workload.js';

/** GitHub's token service, as a job sees it. */
export interface GithubJob {
  /** `ACTIONS_ID_TOKEN_REQUEST_URL` */
  readonly requestUrl: string;
  /** `ACTIONS_ID_TOKEN_REQUEST_TOKEN` */
  readonly requestToken: string;
  /** The audiences of the tokens that it was asked for. */
  readonly audiences: readonly string[];
  /** Answers with this status from now on. */
  answerWith(status: number): void;
  close(): Promise<void>;
}

/** Issues tokens with this subject. */
export async function startGithubJob(subject: string): Promise<GithubJob> {
  const requestToken = `request-token-of-${subject.replaceAll(/\W/g, '-')}`;
  const audiences: string[] = [];
  let status = 200;
  const http = createServer((request, response) => {
    const isAllowed = request.headers.authorization === `Bearer ${requestToken}`;
    const aud = new URL(request.url ?? '/', 'http://localhost').searchParams.get('audience') ?? '';
    audiences.push(aud);
    const value = formatJsonWebToken({ sub: subject, aud, exp: Math.floor(Date.now() / 1000) + 300 });
    response.writeHead(isAllowed ? status : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isAllowed && status === 200 ? { value } : {}));
  });
  const { url, close } = await listen(http);
  return {
    requestUrl: `${url}/token?api-version=2.0`,
    requestToken,
    audiences,
    answerWith(next) {
      status = next;
    },
    close,
  };
}
