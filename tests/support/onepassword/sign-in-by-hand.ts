import { parseToken } from './model/token.js';

/** Begins to sign in without the SDK; gives the id of the session. */
export async function startSignIn(url: string, token: string): Promise<string> {
  const { email, deviceUuid, secretKey } = parseToken(token);
  const skid = secretKey.split('-')[1];
  const response = await post(`${url}/api/v3/auth/start`, { email, skFormat: 'A3', skid, deviceUuid });
  return ((await response.json()) as { sessionID: string }).sessionID;
}

export async function post(url: string, body: unknown, sessionId?: string): Promise<Response> {
  const headers = { ...(sessionId !== undefined && { 'x-agilebits-session-id': sessionId }) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}
