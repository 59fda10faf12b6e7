import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ReceiverAddresses, type ReceiverAddressOptions } from '../src/receiver/receiver-addresses.js';
import { ReceiverConnection } from '../src/receiver/receiver-connection.js';
import { LocalReceiver } from './local-receiver.js';

const PRIVATE_FORMS = [
  'http://127.0.0.1/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://2130706433/',
  'http://0/',
  'http://127.0.0.1./',
  'http://１２７.０.０.１/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://100.64.0.1/',
  'http://169.254.169.254/',
  'http://192.0.0.1/',
  'http://192.88.99.1/',
  'http://198.18.0.1/',
  'http://224.0.0.1/',
  'http://240.0.0.1/',
  'http://255.255.255.255/',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:10.0.0.1]/',
  'http://[::ffff:a00:1]/',
  'http://[::10.0.0.1]/',
  'http://[64:ff9b::a00:1]/',
  'http://[64:ff9b:1::a00:1]/',
  'http://[2002:a00:1::]/',
  'http://[2001:0:a00:1::]/',
  'http://[fe80::1]/',
  'http://[fec0::1]/',
  'http://[fd00::1]/',
  'http://[ff02::1]/',
  'http://[100::1]/',
  'http://[2001:db8::1]/',
];

const addresses = (options: Partial<ReceiverAddressOptions> = {}): ReceiverAddresses =>
  new ReceiverAddresses({ allowedNetworks: [], production: false, ...options });

const answering =
  (...records: string[][]): LookupFunction =>
  (_hostname, _options, callback) => {
    const found = records.length > 1 ? records.shift()! : records[0]!;
    callback(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      0,
    );
  };

describe('ReceiverAddresses', () => {
  let receiver: LocalReceiver | undefined;
  afterEach(async () => {
    await receiver?.close();
    receiver = undefined;
  });

  it.each(PRIVATE_FORMS)('refuses %s when it is typed and when it is dialled', async (url) => {
    expect(await addresses().refusal(url)).not.toBeNull();
    const connection = new ReceiverConnection(new URL(url), {
      addresses: addresses(),
      connections: 1,
      timeoutMs: 2_000,
    });
    expect((await connection.post({}, '{}')).errorCode).toBe('address_refused');
    await connection.close();
  });

  it('lets public addresses pass, and private ones that the deployer listed', async () => {
    expect(await addresses().refusal('https://93.184.216.34/')).toBeNull();
    expect(await addresses().refusal('https://[2606:2800:220:1::1]/')).toBeNull();
    expect(await addresses().refusal('https://[::ffff:93.184.216.34]/')).toBeNull();
    const allowed = addresses({ allowedNetworks: ['10.1.0.0/16', 'fd00:1::/32'] });
    for (const url of ['http://10.1.2.3/', 'http://[::ffff:10.1.2.3]/', 'http://[fd00:1::5]/'])
      expect(await allowed.refusal(url)).toBeNull();
    expect(await allowed.refusal('http://10.2.0.1/')).not.toBeNull();
  });

  it('wants https in production, except in listed networks', async () => {
    const production = addresses({ production: true, allowedNetworks: ['10.0.0.0/8'] });
    expect((await production.refusal('http://93.184.216.34/'))!.en).toContain('https');
    expect(await production.refusal('https://93.184.216.34/')).toBeNull();
    expect(await production.refusal('http://10.0.0.5/')).toBeNull();
    expect(await production.refusal('http://127.0.0.1/')).not.toBeNull();
  });

  it('refuses credentials and other schemes', async () => {
    for (const url of [
      'https://user@example.com/',
      'https://:x@example.com/',
      'file:///etc/passwd',
      'gopher://x/',
      'x',
      '//x/',
    ]) {
      expect(await addresses().refusal(url)).not.toBeNull();
    }
  });

  it('judges the address that is dialled: a name that answers public first and private then gets nowhere', async () => {
    receiver = await LocalReceiver.start();
    const rebinding = answering(['93.184.216.34'], ['127.0.0.1']);
    rebinding('x', {}, () => undefined);
    const connection = new ReceiverConnection(new URL(`http://rebind.test:${receiver.port}/`), {
      addresses: addresses({ lookup: rebinding }),
      connections: 1,
      timeoutMs: 2_000,
    });
    expect((await connection.post({}, '{}')).errorCode).toBe('address_refused');
    expect(receiver.received).toHaveLength(0);
    await connection.close();
  });

  it('looks at every record: a private one among public ones is never dialled', async () => {
    receiver = await LocalReceiver.start();
    const lookup = answering(['127.0.0.1', '192.168.0.1']);
    const both = new ReceiverConnection(new URL(`http://mixed.test:${receiver.port}/`), {
      addresses: addresses({ lookup, allowedNetworks: ['127.0.0.0/8'] }),
      connections: 1,
      timeoutMs: 2_000,
    });
    expect((await both.post({}, '{}')).status).toBe(204);
    const none = new ReceiverConnection(new URL(`http://mixed.test:${receiver.port}/`), {
      addresses: addresses({ lookup: answering(['10.0.0.1', '127.0.0.1', '::1']) }),
      connections: 1,
      timeoutMs: 2_000,
    });
    expect((await none.post({}, '{}')).errorCode).toBe('address_refused');
    expect(receiver.received).toHaveLength(1);
    await Promise.all([both.close(), none.close()]);
  });
});
