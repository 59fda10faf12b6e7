import { capabilitiesOf, isJsonObject, type JsonValue } from '@trainbridge/connector-kit';
import { isCompatible, shapeProblem } from '@trainbridge/connector-runtime';
import { expect } from 'vitest';
import type { Case } from '../case.js';

const SECRET_NAME = /secret|password|private|aeskey|encryptkey|verificationtoken|callbacktoken|apikey/i;
const HAN = /\p{Script=Han}/u;

export const shapeCases: readonly Case[] = [
  {
    name: 'is a connector the host loads, and its manifest is plain data',
    async run({ connector }) {
      expect(shapeProblem(connector)).toBeNull();
      expect(isCompatible(connector.manifest.contractVersion)).toBe(true);
      expect(capabilitiesOf(connector).length).toBeGreaterThan(0);
      const data = { manifest: connector.manifest, configSchema: connector.configSchema };
      expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    },
  },
  {
    name: 'describes its configuration for people in both languages, secrets as secrets',
    async run({ connector }) {
      expect(connector.manifest.name['zh-CN']).not.toBe('');
      for (const [name, property] of Object.entries(connector.configSchema.properties)) {
        expect(property.title, `${name} has no title`).not.toBe('');
        expect(property['x-zh-CN']?.title, `${name} has no Chinese title`).toBeTruthy();
        if (SECRET_NAME.test(name) && property.type === 'string')
          expect('writeOnly' in property && property.writeOnly, `${name} looks like a secret`).toBe(true);
      }
      for (const { name, title, idempotency } of connector.manifest.results?.actions ?? []) {
        expect(HAN.test(title['zh-CN']), `action ${name} has no Chinese title`).toBe(true);
        expect(['natural', 'key', 'lookup', 'none']).toContain(idempotency);
      }
    },
  },
  {
    name: 'check finds everything well on a platform that is well',
    async run({ connector, stand }) {
      const findings = await stand.call('check', () => connector.check(stand.context()));
      expect(findings.length).toBeGreaterThan(0);
      expect(findings.filter(({ ok }) => !ok)).toEqual([]);
      for (const { step, message } of findings) {
        expect(step).toMatch(/^[a-z][a-z0-9-]*$/);
        expect(message.en.trim() && message['zh-CN'].trim(), `step ${step} says nothing`).toBeTruthy();
      }
      expect(new Set(findings.map(({ step }) => step)).size).toBe(findings.length);
    },
  },
  {
    name: 'check with refused credentials says so, and what to do about it',
    async run({ connector, stand, platform }) {
      const context = stand.context({ config: platform.refusedConfig });
      const outcome = await stand.outcome('check', () => connector.check(context));
      const [advice] =
        'error' in outcome
          ? [outcome.error.data.advice]
          : outcome.answer.filter(({ ok }) => !ok).map(({ advice }) => advice);
      if ('error' in outcome) expect(['auth_failed', 'config_invalid']).toContain(outcome.error.code);
      else expect(outcome.answer.some(({ ok }) => !ok)).toBe(true);
      expect(advice?.en.trim() && advice['zh-CN'].trim(), 'no advice in both languages').toBeTruthy();
    },
  },
  {
    name: 'classify is pure and lives with whatever a body may be',
    async run({ connector }) {
      const request = { method: 'GET' as const, url: 'https://api.example.test/v1/users' };
      const bodies: JsonValue[] = [
        null,
        true,
        0,
        '',
        'ok',
        [],
        [1],
        {},
        { errcode: 'x' },
        { code: {} },
        { errcode: null, code: [] },
      ];
      for (const status of [200, 301, 400, 401, 403, 404, 429, 500, 503]) {
        for (const body of bodies) {
          const answer = { status, headers: {}, body };
          const before = JSON.stringify(answer);
          const said = connector.classify(answer, request);
          expect(['ok', 'token_expired', 'error']).toContain(said.outcome);
          expect(connector.classify(answer, request)).toEqual(said);
          expect(JSON.stringify(answer)).toBe(before);
          if (status >= 500 && !isJsonObject(body)) expect(said.outcome).toBe('error');
        }
      }
    },
  },
];
