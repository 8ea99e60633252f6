import { createHmac, timingSafeEqual } from 'node:crypto';

/** The parts of a request that its MAC covers; the body is not among them, it is encrypted. */
export interface SignedRequest {
  readonly sessionId: string;
  readonly method: string;
  /** Host name without port. */
  readonly host: string;
  /** Path and query as they stand in the request line. */
  readonly path: string;
}

export interface RequestMac {
  readonly requestId: string;
  readonly tag: string;
}

/** Parses the header `x-agilebits-mac: v1|<request id>|<tag>`; `undefined` when it has another shape. */
export function parseRequestMac(header: string | undefined): RequestMac | undefined {
  const [version, requestId, tag, ...rest] = (header ?? '').split('|');
  if (version !== 'v1' || !requestId || !tag || rest.length > 0) return undefined;
  return { requestId, tag };
}

/** The tag that a holder of the session's key gives to `request`: 12 bytes of an HMAC-SHA256. */
export function requestTag(sessionKey: Buffer, request: SignedRequest, requestId: string): string {
  const { sessionId, method, host, path } = request;
  const url = new URL(path, `http://${host}`);
  const text = [sessionId, method, `${host}${url.pathname}?${url.search.slice(1)}`, 'v1', requestId].join(
    '|',
  );
  const macKey = createHmac('sha256', sessionKey).update(MAC_KEY_LABEL).digest();
  return createHmac('sha256', macKey).update(text).digest().subarray(0, 12).toString('base64url');
}

/** Compares in constant time, as a server ought to. */
export function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

const MAC_KEY_LABEL = 'He never wears a Mac, in the pouring rain. Very strange.';
