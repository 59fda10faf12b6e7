import { ConnectorError } from '@trainbridge/connector-kit';

/**
 * A frame of the long connection: a protobuf message of nine fields (pbbp2.Frame). The first four are required and always
 * written, zero included.
 */
export interface Frame {
  seqId: bigint;
  logId: bigint;
  service: number;
  method: number;
  /** In the order of the frame. */
  headers: readonly (readonly [key: string, value: string])[];
  payloadEncoding?: string;
  payloadType?: string;
  payload?: Uint8Array;
  logIdNew?: string;
}

/** Values of `Frame.method`. */
export const CONTROL = 0;
export const DATA = 1;

const MAX_HEADERS = 64;
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH = 2;
const FIXED_32 = 5;

/** The first header of that name; empty when there is none. */
export function headerOf(frame: Frame, key: string): string {
  return frame.headers.find(([name]) => name === key)?.[1] ?? '';
}

/** @throws ConnectorError `bad_response` for bytes that are no whole frame. Fields of later versions are passed over. */
export function decodeFrame(bytes: Uint8Array): Frame {
  const frame: Frame = { seqId: 0n, logId: 0n, service: 0, method: 0, headers: [] };
  const headers: [string, string][] = [];
  for (const { field, number, bytes: content } of fieldsOf(bytes)) {
    if (number !== undefined) {
      if (field === 1) frame.seqId = number;
      else if (field === 2) frame.logId = number;
      else if (field === 3) frame.service = int32(number);
      else if (field === 4) frame.method = int32(number);
    } else if (content !== undefined) {
      if (field === 5) headers.push(decodeHeader(content));
      else if (field === 6) frame.payloadEncoding = text(content);
      else if (field === 7) frame.payloadType = text(content);
      else if (field === 8) frame.payload = content;
      else if (field === 9) frame.logIdNew = text(content);
    }
    if (headers.length > MAX_HEADERS) throw broken('too many headers');
  }
  frame.headers = headers;
  return frame;
}

export function encodeFrame(frame: Frame): Buffer {
  return Buffer.concat([
    number(1, frame.seqId),
    number(2, frame.logId),
    number(3, BigInt(frame.service)),
    number(4, BigInt(frame.method)),
    ...frame.headers.map(([key, value]) =>
      block(5, Buffer.concat([block(1, Buffer.from(key)), block(2, Buffer.from(value))])),
    ),
    ...(frame.payloadEncoding === undefined ? [] : [block(6, Buffer.from(frame.payloadEncoding))]),
    ...(frame.payloadType === undefined ? [] : [block(7, Buffer.from(frame.payloadType))]),
    ...(frame.payload === undefined ? [] : [block(8, frame.payload)]),
    ...(frame.logIdNew === undefined ? [] : [block(9, Buffer.from(frame.logIdNew))]),
  ]);
}

interface Field {
  field: number;
  number?: bigint;
  bytes?: Uint8Array;
}

/** Reads one field after the other; every length is checked against what is really there. */
function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw broken('it ends within a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw broken('a number is too long');
  };
  const take = (length: bigint): Uint8Array => {
    if (length > BigInt(bytes.length - at)) throw broken('it ends within a field');
    const content = bytes.subarray(at, at + Number(length));
    at += Number(length);
    return content;
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, kind] = [Number(tag >> 3n), Number(tag & 7n)];
    if (field === 0) throw broken('a field has no number');
    if (kind === VARINT) yield { field, number: varint() };
    else if (kind === LENGTH) yield { field, bytes: take(varint()) };
    else if (kind === FIXED_64) take(8n);
    else if (kind === FIXED_32) take(4n);
    else throw broken('a field is of an unknown kind');
  }
}

function decodeHeader(bytes: Uint8Array): [string, string] {
  const header: [string, string] = ['', ''];
  for (const { field, bytes: content } of fieldsOf(bytes)) {
    if (content !== undefined && (field === 1 || field === 2)) header[field - 1] = text(content);
  }
  return header;
}

function number(field: number, value: bigint): Buffer {
  return Buffer.concat([varintOf(BigInt(field << 3)), varintOf(BigInt.asUintN(64, value))]);
}

function block(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varintOf(BigInt((field << 3) | LENGTH)), varintOf(BigInt(content.length)), content]);
}

function varintOf(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

function int32(value: bigint): number {
  return Number(BigInt.asIntN(32, value));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function broken(why: string): ConnectorError {
  return new ConnectorError('bad_response', `A frame of the long connection cannot be read: ${why}.`);
}
