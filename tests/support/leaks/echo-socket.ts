import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers a WebSocket (RFC 6455) and sends back each frame that arrives. Frames are short: below 64 KB, in one piece. */
export function echoFrames({ headers }: IncomingMessage, socket: Duplex): void {
  const accept = createHash('sha1')
    .update(`${headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let received: Buffer = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let frame = readFrame(received); frame; frame = readFrame(received)) {
      received = received.subarray(frame.end);
      socket.write(writeFrame(frame));
      if (frame.opcode === closeOpcode) socket.end();
    }
  });
}

interface Frame {
  readonly opcode: number;
  readonly data: Buffer;
  readonly end: number;
}

/** A frame of a client, which is masked; `undefined` as long as it is not whole. */
function readFrame(bytes: Buffer): Frame | undefined {
  const short = (bytes[1] ?? 0) & 0x7f;
  const start = short === longLength ? 4 : 2;
  if (bytes.length < start + 4) return undefined;
  const length = short === longLength ? bytes.readUInt16BE(2) : short;
  const end = start + 4 + length;
  if (bytes.length < end) return undefined;
  const mask = bytes.subarray(start, start + 4);
  const data = bytes.subarray(start + 4, end).map((byte, index) => byte ^ (mask[index % 4] ?? 0));
  return { opcode: (bytes[0] ?? 0) & 0x0f, data: Buffer.from(data), end };
}

function writeFrame({ opcode, data }: Frame): Buffer {
  const head =
    data.length < longLength
      ? [0x80 | opcode, data.length]
      : [0x80 | opcode, longLength, data.length >> 8, data.length & 0xff];
  return Buffer.concat([Buffer.from(head), data]);
}

const closeOpcode = 8;
const longLength = 126;
