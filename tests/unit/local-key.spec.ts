import { expect, test } from '@playwright/test';
import { parseSecretReference } from '../../src/core/secret-reference.js';
import { localKey } from '../../src/vault/local/local-key.js';

for (const [reference, key] of [
  ['op://automation/consultations-admin/username', 'AUTOMATION__CONSULTATIONS_ADMIN__USERNAME'],
  ['op://automation/admin/one-time password?attribute=otp', 'AUTOMATION__ADMIN__ONE_TIME_PASSWORD'],
  ['op://automation/admin/one-time password', 'AUTOMATION__ADMIN__ONE_TIME_PASSWORD'],
  ['op://qa/acme/Sign in/password', 'QA__ACME__SIGN_IN__PASSWORD'],
  ['op://QA/Acme/PassWord', 'QA__ACME__PASSWORD'],
  ['op://qa/a - b...c_d/x', 'QA__A_B_C_D__X'],
  ['op://qa/-acme-/_x_', 'QA__ACME__X'],
  ['op://qa/2nd account/x', 'QA__2ND_ACCOUNT__X'],
  ['op://qa/key/base64', 'QA__KEY__BASE64'],
  ['op://qa/key/private key?ssh-format=openssh', 'QA__KEY__PRIVATE_KEY'],
  ['op-env://blgexucrwfr2dtsxe2q4uu7dp4/ADMIN_OTP', 'BLGEXUCRWFR2DTSXE2Q4UU7DP4__ADMIN_OTP'],
  ['op-env://blgexucrwfr2dtsxe2q4uu7dp4/a_b?attribute=otp', 'BLGEXUCRWFR2DTSXE2Q4UU7DP4__A_B'],
] as const)
  test(`makes ${key} of ${reference}`, () => {
    expect(localKey(parseSecretReference(reference))).toBe(key);
  });
