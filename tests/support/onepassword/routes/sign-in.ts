import { agree } from '../crypto/srp.js';
import { Refusal } from '../http/exchange.js';
import type { Answer, Exchange } from '../http/exchange.js';
import { Session } from '../http/session.js';
import { secretKeyId } from '../model/token.js';
import { readJson, readSealed, readText } from './read-json.js';

/** POST /api/v3/auth/start: who wants to sign in. */
export function startSignIn({ account, serviceAccount, body }: Exchange): {
  answer: Answer;
  session: Session;
} {
  if (!account || !serviceAccount) throw new Refusal(401, 'unknown email');
  const asked = readJson(body);
  const { deviceUuid, userAuth } = serviceAccount.tokenContents;
  const keyId = secretKeyId(serviceAccount.tokenContents);
  if (readText(asked, 'skid') !== keyId) throw new Refusal(401, 'unknown secret key');
  if (readText(asked, 'deviceUuid') !== deviceUuid) throw new Refusal(401, 'unknown device');
  const session = new Session(account, serviceAccount);
  const json = {
    status: 'ok',
    sessionID: session.id,
    accountKeyFormat: 'A3',
    accountKeyUuid: keyId,
    userAuth,
  };
  return { answer: { status: 200, json }, session };
}

/** POST /api/v2/auth: A for B. */
export function agreeOnKey({ session, body }: Exchange): Answer {
  if (!session) throw new Refusal(401, 'unknown session');
  const { tokenContents, verifier } = session.serviceAccount;
  const identity = {
    email: tokenContents.email,
    keyId: secretKeyId(tokenContents),
    salt: Buffer.from(tokenContents.userAuth.salt, 'base64url'),
  };
  const agreement = agree(identity, verifier, readText(readJson(body), 'userA'));
  if (!agreement) throw new Refusal(400, 'bad A');
  session.agree(agreement);
  return { status: 200, json: { userB: agreement.serverPublic } };
}

/** POST /api/v2/auth/confirm-key: the client's proof for the server's. */
export function proveKey({ session, body }: Exchange): Answer {
  if (!session) throw new Refusal(401, 'unknown session');
  const serverVerifyHash = session.prove(readText(readJson(body), 'clientVerifyHash'));
  return { status: 200, json: { serverVerifyHash } };
}

/** POST /api/v2/auth/complete: the first request under the new key. */
export function completeSignIn({ body }: Exchange, session: Session): Answer {
  readSealed(body, session.key);
  return { status: 200, sealed: true, json: { userUuid: session.serviceAccount.id } };
}
