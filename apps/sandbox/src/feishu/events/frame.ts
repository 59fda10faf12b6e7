/*
 * Frames of the long connection: one protobuf message (pbbp2.Frame of the official SDKs). The codec knows just its nine
 * fields and skips what it does not know.
 */

/** `method` of a frame. */
export const frameMethod = { control: 0, data: 1 } as const;

export interface Frame {
  seqId: number;
  logId: number;
  service: number;
  method: number;
  headers: [key: string, value: string][];
  payload: Buffer;
}

/** The value of a header. */
export function headerOf(frame: Frame, key: string): string | undefined {
  return frame.headers.find(([name]) => name === key)?.[1];
}

export function encodeFrame(frame: Frame): Buffer {
  const parts = [
    number(1, frame.seqId),
    number(2, frame.logId),
    number(3, frame.service),
    number(4, frame.method),
    ...frame.headers.map(([key, value]) => bytes(5, Buffer.concat([bytes(1, key), bytes(2, value)]))),
  ];
  if (frame.payload.length > 0) parts.push(bytes(8, frame.payload));
  return Buffer.concat(parts);
}

/** @throws RangeError for bytes that are no frame. */
export function decodeFrame(buffer: Buffer): Frame {
  const frame: Frame = { seqId: 0, logId: 0, service: 0, method: 0, headers: [], payload: Buffer.alloc(0) };
  for (const [field, value] of fields(buffer)) {
    if (typeof value === 'number') {
      if (field === 1) frame.seqId = value;
      else if (field === 2) frame.logId = value;
      else if (field === 3) frame.service = value;
      else if (field === 4) frame.method = value;
    } else if (field === 5) {
      const header = new Map([...fields(value)].map(([name, text]) => [name, String(text)]));
      frame.headers.push([header.get(1) ?? '', header.get(2) ?? '']);
    } else if (field === 8) frame.payload = value;
  }
  return frame;
}

function varint(value: number): Buffer {
  const found: number[] = [];
  let rest = BigInt(value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    found.push(rest === 0n ? low : low | 0x80);
  } while (rest !== 0n);
  return Buffer.from(found);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(value)]);
}

function bytes(field: number, value: string | Buffer): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function* fields(buffer: Buffer): Generator<[field: number, value: number | Buffer]> {
  let at = 0;
  const readVarint = (): number => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (at >= buffer.length) throw new RangeError('the frame ends inside a number');
      const byte = buffer[at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asUintN(64, value));
    }
    throw new RangeError('a number of the frame is too long');
  };
  while (at < buffer.length) {
    const tag = readVarint();
    if ((tag & 7) === 0) yield [tag >>> 3, readVarint()];
    else if ((tag & 7) === 2) {
      const length = readVarint();
      if (at + length > buffer.length) throw new RangeError('the frame ends inside a field');
      yield [tag >>> 3, buffer.subarray(at, (at += length))];
    } else throw new RangeError(`wire type ${tag & 7} is none of a frame`);
  }
}
