import type { RawCallback } from '@trainbridge/connector-kit';
import { expect } from 'vitest';
import { given, type Case, type CaseInput } from '../case.js';

/** Platforms that wait least wait a second. */
const REPLY_MS = 500;

async function receive({ connector, stand }: CaseInput, raw: RawCallback) {
  const begin = performance.now();
  const outcome = await stand.outcome('events.receive', () =>
    connector.events!.receive(stand.context({ offline: true }), raw),
  );
  expect(performance.now() - begin, 'milliseconds to decode').toBeLessThan(REPLY_MS);
  return outcome;
}

function refused(outcome: Awaited<ReturnType<typeof receive>>, what: string): void {
  if (!('error' in outcome)) throw new Error(`${what} was accepted`);
  expect(['auth_failed', 'input_invalid'], what).toContain(outcome.error.code);
}

export const eventCases: readonly Case[] = [
  {
    name: 'a genuine event is decoded without the network; delivered again it has the same key',
    capability: 'events',
    async run(input) {
      const raw = await given(input.platform.events, 'events').genuine();
      const [first, again] = [await receive(input, raw), await receive(input, raw)];
      if (!('answer' in first) || !('answer' in again)) throw new Error('a genuine event was refused');
      const { reply, events } = first.answer;
      expect(reply.status).toBe(200);
      expect(events.length).toBeGreaterThan(0);
      for (const event of events) {
        expect(event.key).not.toBe('');
        expect(Number.isFinite(event.time)).toBe(true);
      }
      expect(again.answer.events.map(({ key }) => key)).toEqual(events.map(({ key }) => key));
    },
  },
  {
    name: 'two events of one second have two keys',
    capability: 'events',
    async run(input) {
      const { genuine } = given(input.platform.events, 'events');
      const outcomes = [await receive(input, await genuine()), await receive(input, await genuine())];
      const keys = outcomes.flatMap((outcome) =>
        'answer' in outcome ? outcome.answer.events.map(({ key }) => key) : ['refused'],
      );
      expect(new Set(keys).size).toBe(keys.length);
    },
  },
  {
    name: 'an event nobody signed is refused, and so is every one that was changed on the way',
    capability: 'events',
    async run(input) {
      const { genuine, forged } = given(input.platform.events, 'events');
      const raws = await forged();
      expect(raws.length).toBeGreaterThan(0);
      for (const [index, raw] of raws.entries()) refused(await receive(input, raw), `forged event ${index}`);
      const raw = await genuine();
      const body = Buffer.from(raw.bodyBase64, 'base64');
      for (const part of [0.35, 0.6, 0.8]) {
        const changed = Buffer.from(body);
        const at = Math.floor(changed.length * part);
        changed[at] = changed[at] === 0x41 ? 0x42 : 0x41;
        refused(await receive(input, { ...raw, bodyBase64: changed.toString('base64') }), 'a changed event');
      }
    },
  },
  {
    name: 'the challenge is answered with exactly the text the platform wants',
    capability: 'events',
    async run(input) {
      const challenge = given(given(input.platform.events, 'events').challenge, 'events.challenge');
      const { raw, body } = await challenge();
      const outcome = await receive(input, raw);
      if (!('answer' in outcome)) throw new Error('the challenge was refused');
      expect(outcome.answer.events).toEqual([]);
      expect([outcome.answer.reply.status, outcome.answer.reply.body]).toEqual([200, body]);
    },
  },
  {
    name: 'whatever else is posted is refused as what it is, never as a fault of ours',
    capability: 'events',
    async run(input) {
      const base = await given(input.platform.events, 'events').genuine();
      const bodies = [
        '',
        '{',
        '[]',
        'null',
        '<xml>',
        '<xml><a>&x;</a></xml>',
        '\u0000\u0001',
        '{"encrypt":"AAAA"}',
        'x'.repeat(300_000),
      ];
      for (const body of bodies) {
        const raw = { ...base, bodyBase64: Buffer.from(body).toString('base64') };
        refused(await receive(input, raw), `the body ${JSON.stringify(body.slice(0, 20))}`);
      }
      refused(
        await receive(input, { ...base, bodyBase64: Buffer.from([0xff, 0xfe, 0x00]).toString('base64') }),
        'bytes',
      );
      const bare = { method: 'POST', queryString: 'a=%zz&&=', headers: {}, bodyBase64: base.bodyBase64 };
      const outcome = await receive(input, bare);
      if ('error' in outcome) expect(['auth_failed', 'input_invalid']).toContain(outcome.error.code);
    },
  },
];
