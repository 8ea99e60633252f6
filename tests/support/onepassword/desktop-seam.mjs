/**
 * Stands in for the native library of the 1Password app, where the unmodified SDK loads it: it passes on what the SDK
 * asks, to the SDK's own core, as the service account of the tests. Import it into a process with
 * `NODE_OPTIONS=--import`. `DESKTOP_SEAM_TOKEN_FILE` names a file with the token; what the app is asked is appended to
 * that name with `.asked`, a line with the process for each sign-in.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';

const library = /(?:libop_sdk_ipc_client\.(?:so|dylib)|op_sdk_ipc_client\.dll)$/;
const { existsSync } = fs;
const dlopen = process.dlopen.bind(process);
const tokenFile = process.env.DESKTOP_SEAM_TOKEN_FILE ?? '';

fs.existsSync = (file) => library.test(String(file)) || existsSync(file);
process.dlopen = (target, file, ...flags) => {
  if (library.test(file)) /** @type {{ exports: object }} */ (target).exports = { sendMessage };
  else dlopen(target, file, ...flags);
};

/**
 * @param {Buffer} message What the SDK sends to the app.
 * @returns {Promise<Uint8Array>}
 */
async function sendMessage(message) {
  /** @type {{ account_name: string, kind: 'init_client' | 'invoke' | 'release_client', payload: string }} */
  const { account_name: account, kind, payload } = JSON.parse(message.toString());
  const text = Buffer.from(payload, 'base64').toString();
  try {
    const answer = await ask(kind, text, account);
    return Buffer.from(JSON.stringify({ success: true, payload: [...Buffer.from(answer)] }));
  } catch (error) {
    return Buffer.from(JSON.stringify({ success: false, payload: [...Buffer.from(String(error))] }));
  }
}

/**
 * @param {'init_client' | 'invoke' | 'release_client'} kind
 * @param {string} text
 * @param {string} account
 */
async function ask(kind, text, account) {
  /** @type {Record<'init_client' | 'invoke', (text: string) => Promise<string>> & { release_client: (id: string) => void }} */
  const core = createRequire(import.meta.url)('@1password/sdk-core');
  if (kind === 'release_client') {
    core.release_client(text);
    return '';
  }
  if (kind === 'invoke') return core.invoke(text);
  fs.appendFileSync(`${tokenFile}.asked`, `${process.pid} ${account}\n`);
  const serviceAccountToken = fs.readFileSync(tokenFile, 'utf8');
  return core.init_client(
    JSON.stringify({ ...JSON.parse(text), accountName: undefined, serviceAccountToken }),
  );
}
