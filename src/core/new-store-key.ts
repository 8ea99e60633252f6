/** The command that prints a key for the store. It is the same in every shell, and Windows has no `openssl`. */
export const newStoreKeyCommand = `node -p "require('crypto').randomBytes(32).toString('base64')"`;
