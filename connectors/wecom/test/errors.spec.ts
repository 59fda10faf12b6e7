import type { Classification, HttpRequest, JsonValue } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { classify, codes } from '../src/errors.js';

const withToken: HttpRequest = {
  method: 'GET',
  url: 'https://qyapi.weixin.qq.com/cgi-bin/user/get',
  token: 'app',
};
const gettoken: HttpRequest = { method: 'GET', url: 'https://qyapi.weixin.qq.com/cgi-bin/gettoken' };

const of = (body: JsonValue, status = 200, request = withToken): Classification =>
  classify({ status, headers: {}, body }, request);

describe('success', () => {
  it.each<[JsonValue]>([
    [{ errcode: 0, errmsg: 'ok' }],
    [{ errcode: 0, errmsg: 'created' }],
    [{ errcode: '0', errmsg: 'ok' }],
    [{ access_token: 'x', expires_in: 7200 }],
    [{ errcode: null }],
  ])('%j', (body) => {
    expect(of(body)).toEqual({ outcome: 'ok' });
  });
});

describe('an error', () => {
  const message =
    'not allow to access from your ip, hint: [1712345678123456789012], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=60020';

  it('carries code, message and request id as data, and advice with the address', () => {
    const outcome = of({ errcode: 60020, errmsg: message });
    expect(outcome).toMatchObject({
      outcome: 'error',
      code: 'permission_denied',
      vendorCode: '60020',
      vendorMessage: message,
      vendorRequestId: '1712345678123456789012',
    });
    const advice = outcome.outcome === 'error' ? outcome.advice : undefined;
    expect(advice?.en).toContain('203.0.113.7');
    expect(advice?.['zh-CN']).toContain('203.0.113.7');
    expect(advice?.['zh-CN']).toContain('企业可信IP');
  });

  it('without an address in the message still names the page', () => {
    expect(of({ errcode: 60020, errmsg: '' })).toMatchObject({
      advice: { 'zh-CN': expect.stringContaining('企业可信IP') as string },
    });
  });

  it('in the older form of the hint', () => {
    expect(
      of({ errcode: 48009, errmsg: 'api forbidden, hint: [1559023049_3_0123456789abcdef0123456789abcdef]' }),
    ).toMatchObject({
      vendorRequestId: '1559023049_3_0123456789abcdef0123456789abcdef',
    });
  });

  it.each([
    [-1, 'unavailable'],
    [6000, 'unavailable'],
    [40013, 'config_invalid'],
    [40056, 'config_invalid'],
    [301002, 'config_invalid'],
    [40058, 'internal'],
    [41001, 'internal'],
    [45029, 'bad_response'],
    [48002, 'permission_denied'],
    [48009, 'permission_denied'],
    [50003, 'permission_denied'],
    [50100, 'cursor_expired'],
    [60011, 'permission_denied'],
    [60021, 'permission_denied'],
    [60003, 'not_found'],
    [60123, 'not_found'],
    [40066, 'not_found'],
    [60111, 'not_found'],
    [81013, 'not_found'],
    [99999, 'bad_response'],
  ])('%i is %s', (errcode, code) => {
    expect(of({ errcode, errmsg: 'x' })).toMatchObject({ outcome: 'error', code });
  });

  it.each([
    [45009, 15_000],
    [45033, 2_000],
    [45035, 5_000],
  ])('%i waits %i ms', (errcode, retryAfterMs) => {
    expect(of({ errcode, errmsg: 'x' })).toMatchObject({ code: 'rate_limited', retryAfterMs });
  });

  it.each([40001, 48009, 60011, 60020, 50003, 301002, 48002, 45009, 40013])(
    '%i comes with advice in both languages',
    (errcode) => {
      const outcome = of({ errcode, errmsg: 'x' }, 200, gettoken);
      const advice = outcome.outcome === 'error' ? outcome.advice : undefined;
      expect(advice?.en.length).toBeGreaterThan(30);
      expect(advice?.['zh-CN']).toMatch(/[\u4e00-\u9fff]{4}/);
    },
  );
});

describe('the table', () => {
  const listed = Object.keys(codes).map(Number);

  it('has every code worth handling (D-90313)', () => {
    const wanted = [
      -1, 6000, 40003, 40013, 40029, 40031, 40032, 40035, 40056, 40058, 40063, 40066, 40068, 40070, 40071, 40072,
      40096, 40126, 41001, 41002, 41004, 42003, 42022, 45002, 45009, 45024, 45029, 45033, 45035, 45036, 48001, 48002,
      48006, 48009, 50001, 50002, 50003, 50100, 60003, 60011, 60020, 60021, 60102, 60104, 60106, 60111, 60123, 60132,
      60140, 60145, 81011, 81013, 84014, 84015, 84061, 85002, 301002, 301025, 301055,
    ]; // prettier-ignore
    expect(wanted.filter((code) => !listed.includes(code))).toEqual([]);
  });

  it.each(listed)('%i has advice that names what to do or where', (errcode) => {
    const outcome = of({ errcode, errmsg: 'x' }, 200, gettoken);
    const advice = outcome.outcome === 'error' ? outcome.advice : undefined;
    expect(advice?.en).toMatch(/→|Nothing to do|devtool|options\.text|proxy/);
    expect(advice?.['zh-CN']).toMatch(/→|无需|devtool|options\.text|代理/);
  });
});

describe('tokens', () => {
  it.each([40014, 42001])('%i asks for a fresh token', (errcode) => {
    expect(of({ errcode, errmsg: 'x' })).toMatchObject({
      outcome: 'token_expired',
      vendorCode: String(errcode),
    });
  });

  it('40001 is a bad secret where a token is asked for, and worth one fresh token elsewhere', () => {
    expect(of({ errcode: 40001, errmsg: 'x' }, 200, gettoken)).toMatchObject({
      outcome: 'error',
      code: 'auth_failed',
    });
    expect(of({ errcode: 40001, errmsg: 'x' })).toMatchObject({ outcome: 'token_expired' });
  });
});

describe('what is not WeCom’s envelope', () => {
  it.each<[JsonValue, number, string]>([
    [[], 200, 'bad_response'],
    ['ok', 200, 'bad_response'],
    [null, 200, 'bad_response'],
    [null, 502, 'unavailable'],
    [{}, 502, 'unavailable'],
    [{ message: 'slow down' }, 429, 'rate_limited'],
    [{ error: 'forbidden' }, 403, 'bad_response'],
    [{ errcode: {} }, 200, 'bad_response'],
    [{ errcode: 'x' }, 200, 'bad_response'],
    [{ errcode: '' }, 200, 'bad_response'],
    [{ errcode: false }, 200, 'bad_response'],
  ])('%j with status %i is %s', (body, status, code) => {
    expect(of(body, status)).toMatchObject({ outcome: 'error', code });
  });

  it('errcode decides over the status', () => {
    expect(of({ errcode: 45009, errmsg: 'x' }, 500)).toMatchObject({ code: 'rate_limited' });
    expect(of({ errcode: 0, errmsg: 'ok' }, 500)).toEqual({ outcome: 'ok' });
  });

  it('a message of a hostile length or with control characters is cut and cleaned', () => {
    const outcome = of({ errcode: 40058, errmsg: `a\u0000\r\n${'x'.repeat(100_000)}` });
    const message = outcome.outcome === 'error' ? (outcome.vendorMessage ?? '') : '';
    expect(message).toHaveLength(300);
    expect(message).toMatch(/^a x/);
  });
});
