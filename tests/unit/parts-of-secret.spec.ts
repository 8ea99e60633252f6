import { expect, test } from '@playwright/test';
import { partsOfSecret } from '../../src/redaction/parts-of-secret.js';

const token = 'T0kenOf24Signs9qXw7Lm2Zk';
const key =
  '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END PRIVATE KEY-----';

for (const [title, value, parts] of [
  ['the token of a header', `Bearer ${token}`, [token]],
  ['the token in the query of a link', `https://shop.example/reset?token=${token}&lang=en`, [token]],
  ['the last part of a webhook', `https://hooks.shop.example/services/T0/${token}`, [token]],
  [
    'the password of a database',
    'postgres://shop:p%40ss-93x@db.example:5432/shop',
    ['p%40ss-93x', 'p@ss-93x'],
  ],
  [
    'the key of a service account',
    JSON.stringify({ type: 'service_account', private_key: `${key}\n` }),
    [key],
  ],
  ['nothing of a plain key', token, []],
  ['nothing of a plain address', 'https://shop.example/products/summer-sale?page=2', []],
] as const)
  test(`knows ${title}`, () => {
    expect(partsOfSecret(value, 'SHOP')).toEqual(parts);
  });
