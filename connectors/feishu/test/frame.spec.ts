import { EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fragments } from '../src/events/fragments.js';
import { decodeFrame, encodeFrame, headerOf, type Frame } from '../src/events/frame.js';
import { LongLine } from './long-line.js';

const frame: Frame = {
  seqId: 1n,
  logId: 2n ** 63n + 5n,
  service: 33_554_678,
  method: 1,
  headers: [
    ['type', 'event'],
    ['message_id', '消息-1'],
    ['empty', ''],
  ],
  payloadEncoding: 'none',
  payloadType: 'json',
  payload: Buffer.from('{"学":"习"}'),
  logIdNew: 'L',
};

describe('a frame', () => {
  it('written and read again is the same', () => {
    const read = decodeFrame(encodeFrame(frame));
    expect({ ...read, payload: Buffer.from(read.payload ?? []) }).toEqual(frame);
    const bare: Frame = { seqId: 0n, logId: 0n, service: -1, method: 0, headers: [] };
    expect(decodeFrame(encodeFrame(bare))).toEqual(bare);
  });

  it('in the bytes of the format: the four required fields are written even when zero', () => {
    const ping: Frame = { seqId: 0n, logId: 0n, service: 300, method: 0, headers: [['type', 'ping']] };
    expect(encodeFrame(ping).toString('hex')).toBe(
      '0800' + '1000' + '18ac02' + '2000' + '2a0c' + '0a0474797065' + '120470696e67',
    );
  });

  it('fields of later versions are passed over, and the last of a repeated one counts', () => {
    const later = Buffer.concat([
      encodeFrame(frame),
      Buffer.from([0x50, 0x01]), // 10: a number
      Buffer.from([0x5a, 0x02, 0x61, 0x62]), // 11: bytes
      Buffer.from([0x61, 1, 2, 3, 4, 5, 6, 7, 8]), // 12: eight bytes
      Buffer.from([0x6d, 1, 2, 3, 4]), // 13: four bytes
      Buffer.from([0x18, 0x07]), // 3 again
    ]);
    expect(decodeFrame(later)).toMatchObject({ service: 7, method: 1 });
  });

  it.each([
    ['ends within a number', '08ff'],
    ['has a number that never ends', '08ffffffffffffffffffffff01'],
    ['ends within a field', '4205aa'],
    ['claims two gigabytes', '42ffffffff07'],
    ['claims more than there is in 64 bits', '42ffffffffffffffff7f'],
    ['has a group', '0b'],
    ['has a field without a number', '0000'],
    ['has a header that is cut', '2a020a05'],
    ['has a thousand headers', '2a00'.repeat(1_000)],
  ])('that %s is refused', (_name, hex) => {
    expect(() => decodeFrame(Buffer.from(hex, 'hex'))).toThrow(
      expect.objectContaining({ code: 'bad_response' }),
    );
  });

  it('of random bytes, or with one bit turned, is read or refused, and nothing else happens', () => {
    const whole = encodeFrame(frame);
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = round % 2 === 0 ? randomBytes(round % 97) : Buffer.from(whole);
      if (round % 2 === 1)
        bytes[round % whole.length] = (bytes[round % whole.length] ?? 0) ^ (1 << (round % 8));
      try {
        decodeFrame(bytes);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad_response' });
      }
    }
  });
});

describe('parts of a message', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];
  const textOf = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString();

  it('come in any order', () => {
    const fragments = new Fragments();
    expect(fragments.take('m', 3, 2, c)).toBeNull();
    expect(fragments.take('n', 2, 0, a)).toBeNull();
    expect(fragments.take('m', 3, 0, a)).toBeNull();
    expect(textOf(fragments.take('m', 3, 1, b))).toBe('abc');
    expect(textOf(fragments.take('n', 2, 1, b))).toBe('ab');
    expect(textOf(fragments.take('whole', 1, 0, c))).toBe('c');
  });

  it.each([
    [1_000_000, 0],
    [2, 2],
    [2, -1],
    [2, 0.5],
    [Number.NaN, 0],
  ])('part %j of %j is none', (sum, seq) => {
    const fragments = new Fragments();
    expect(fragments.take('m', sum, seq, a)).toBeNull();
  });

  it('do not pile up: whoever never sends the rest gives way', () => {
    const fragments = new Fragments();
    for (let n = 0; n < 1_000; n += 1) fragments.take(`m${n}`, 2, 0, a);
    expect(fragments.take('m0', 2, 1, b)).toBeNull();
    expect(textOf(fragments.take('m999', 2, 1, b))).toBe('ab');
    const large = Buffer.alloc(6 * 1024 * 1024);
    for (let n = 0; n < 4; n += 1) fragments.take(`l${n}`, 2, 0, large);
    expect(fragments.take('l0', 2, 1, b)).toBeNull();
    expect(fragments.take('l3', 2, 1, b)).toHaveLength(large.length + 1);
  });
});

describe('against the vendor’s client', () => {
  let line: LongLine;
  let client: WSClient;
  beforeEach(async () => {
    line = await LongLine.start();
    const quiet = { error: quietly, warn: quietly, info: quietly, debug: quietly, trace: quietly };
    client = new WSClient({
      appId: 'cli_a1b2c3d4e5f60718',
      appSecret: 'app-secret',
      domain: line.origin,
      loggerLevel: LoggerLevel.error,
      logger: quiet,
      autoReconnect: false,
    });
  });
  afterEach(async () => {
    client.close({ force: true });
    await line.close();
  });

  it('it reads the frames written here, and its own are read here', async () => {
    const seen: unknown[] = [];
    const eventDispatcher = new EventDispatcher({ loggerLevel: LoggerLevel.error }).register({
      'contact.user.updated_v3': (event) => void seen.push(event),
    });
    await client.start({ eventDispatcher });
    await line.until(() => line.pings.length > 0);
    expect(line.pings[0]).toMatchObject({ service: 33, seqId: 0n, logId: 0n, method: 0 });
    const header = { event_id: 'e', event_type: 'contact.user.updated_v3', create_time: '1700000000000' };
    await line.event(
      { schema: '2.0', header, event: { object: { union_id: 'on_1', name: '赵一' } } },
      { parts: 3 },
    );
    await line.until(() => line.acks.length > 0);
    expect(seen).toMatchObject([{ object: { union_id: 'on_1', name: '赵一' } }]);
    const [ack] = line.acks;
    expect(ack).toMatchObject({ id: 'm-1', code: 200 });
    // Its numbers lose their last digits beyond 2^53, which ours do not.
    expect(ack?.frame).toMatchObject({ service: 33, method: 1, logIdNew: 'log-1', payloadType: 'json' });
    expect(headerOf(ack?.frame as Frame, 'seq')).toBe('2');
  });
});

function quietly(): void {
  // Its log is not what is tested.
}
