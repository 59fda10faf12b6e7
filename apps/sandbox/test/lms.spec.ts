import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '@trainbridge/sandbox';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const another = 'whsec_c2Vjb25kLXNlY3JldC1mb3ItYS1yb3RhdGlvbg==';

describe('the LMS', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await startSandbox({ people: 1, lms: { secrets: [secret] } });
  });
  afterEach(() => sandbox.close());

  interface Sent {
    id?: string;
    body?: string;
    signedBody?: string;
    secrets?: string[];
    at?: Date;
    headers?: Record<string, string>;
  }

  async function send(sent: Sent = {}, init: RequestInit = {}): Promise<Response> {
    const { id = 'msg_1', body = '{"type":"course.completed","data":{"名":"林梅"}}', at = new Date() } = sent;
    const signature = (sent.secrets ?? [secret])
      .map((one) => new Webhook(one).sign(id, at, sent.signedBody ?? body))
      .join(' ');
    return fetch(`${sandbox.lmsUrl}/webhooks`, {
      method: 'POST',
      body,
      headers: {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': signature,
        ...sent.headers,
      },
      redirect: 'manual',
      ...init,
    });
  }

  it("takes what the standard's own library signed, and counts duplicates", async () => {
    expect((await send()).status).toBe(200);
    expect((await send({ id: 'msg_2' })).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(sandbox.lms.counts).toMatchObject({ received: 3, unique: 2, duplicates: 1, rejected: 0 });
    expect(sandbox.lms.received[0]).toMatchObject({
      id: 'msg_1',
      type: 'course.completed',
      body: { data: { 名: '林梅' } },
      duplicates: 0,
    });
    expect(sandbox.lms.received[2]?.duplicates).toBe(1);
    expect(sandbox.lms.ids.get('msg_1')).toBe(2);
    await sandbox.lms.waitFor(2, 10);
    await expect(sandbox.lms.waitFor(3, 30)).rejects.toThrow('2 of 3');
  });

  it('accepts either of two signatures and either of two secrets while one rotates', async () => {
    expect((await send({ secrets: [another, secret] })).status).toBe(200);
    sandbox.lms.configure({ secrets: [another, secret] });
    expect((await send({ secrets: [another] })).status).toBe(200);
    sandbox.lms.configure({ secret: another });
    expect((await send({ secrets: [secret] })).status).toBe(401);
  });

  it('refuses everything else with 401, saying why to its owner', async () => {
    const statuses = [
      await send({ secrets: [another] }),
      await send({ signedBody: '{}' }),
      await send({ headers: { 'webhook-id': 'msg_other' } }),
      await send({ at: new Date(Date.now() - 301_000) }),
      await send({ at: new Date(Date.now() + 301_000) }),
      await send({ headers: { 'webhook-timestamp': 'soon' } }),
      await send({ headers: { 'webhook-signature': '' } }),
      await send({ headers: { 'webhook-signature': 'v2,AAAA v1,' } }),
      await fetch(`${sandbox.lmsUrl}/webhooks`, { method: 'POST', body: '{}' }),
    ].map((response) => response.status);
    expect(statuses).toEqual(Array(9).fill(401));
    expect(sandbox.lms.rejections.map((one) => one.problem)).toEqual([
      'signature_wrong',
      'signature_wrong',
      'signature_wrong',
      'timestamp_stale',
      'timestamp_stale',
      'timestamp_invalid',
      'headers_missing',
      'signature_wrong',
      'headers_missing',
    ]);
    sandbox.lms.configure({ secrets: [] });
    expect((await send()).status).toBe(401);
    expect(sandbox.lms.received).toEqual([]);
  });

  it('fails as told: a number of times, always, or the first attempts of each', async () => {
    sandbox.lms.configure({ fail: 2, failWith: 503, retryAfterSeconds: 7 });
    const first = await send();
    expect([first.status, first.headers.get('retry-after')]).toEqual([503, '7']);
    expect([(await send()).status, (await send()).status]).toEqual([503, 200]);
    sandbox.lms.configure({ fail: 'always', failWith: 410 });
    expect([(await send()).status, (await send()).status]).toEqual([410, 410]);
    sandbox.lms.configure({ fail: 0, failFirstAttempts: 1, failWith: 500 });
    const statuses = [];
    for (const id of ['a', 'b', 'a', 'b', 'a']) statuses.push((await send({ id })).status);
    expect(statuses).toEqual([500, 500, 200, 200, 200]);
    expect(sandbox.lms.counts).toMatchObject({ failed: 6, received: 4 });
    expect((await send({ secrets: [another] })).status).toBe(401);
  });

  it('redirects, and notices who follows', async () => {
    sandbox.lms.configure({ fail: 2, failWith: 302 });
    const response = await send();
    expect([response.status, response.headers.get('location')]).toEqual([
      302,
      `${sandbox.lmsUrl}/redirected`,
    ]);
    expect(sandbox.lms.counts.redirectsFollowed).toBe(0);
    await send({}, { redirect: 'follow' });
    expect(sandbox.lms.counts.redirectsFollowed).toBe(1);
  });

  it('is slow, hangs or resets', async () => {
    sandbox.lms.configure({ delayMs: 80 });
    const started = performance.now();
    expect((await send()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(75);
    sandbox.lms.configure({ delayMs: 0, fail: 1, failWith: 'hang' });
    await expect(send({}, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
    sandbox.lms.configure({ fail: 1, failWith: 'reset' });
    await expect(send()).rejects.toThrow();
    expect((await send()).status).toBe(200);
  });

  it('keeps the newest bodies and every id', async () => {
    sandbox.lms.configure({ keep: 5 });
    for (let index = 0; index < 230; index += 1) await send({ id: `msg_${index}` });
    expect(sandbox.lms.received.length).toBeLessThan(206);
    expect(sandbox.lms.received.at(-1)?.id).toBe('msg_229');
    expect(sandbox.lms.ids.size).toBe(230);
    sandbox.lms.reset();
    expect(sandbox.lms.counts.received + sandbox.lms.ids.size + sandbox.lms.received.length).toBe(0);
  });

  it('takes bytes as they are: text that is no JSON, and refuses 8 MB', async () => {
    expect((await send({ body: 'no json {' })).status).toBe(200);
    expect(sandbox.lms.received[0]).toMatchObject({ type: '', body: 'no json {' });
    expect((await send({ body: 'x'.repeat(9_000_000) })).status).toBe(413);
  });
});
