import { known } from '../control/known.js';
import type { PlatformControl } from '../platform.js';
import { defaultDelivery } from './callback.js';
import { defaultFacts } from './facts.js';
import { defaultLimits } from './limits.js';
import type { CallbackSetup, WecomSimulator } from './simulator.js';

/** What an administrator of the simulated WeCom can do over HTTP, by method and name. */
export function wecomControls(wecom: WecomSimulator): Readonly<Record<string, PlatformControl>> {
  return {
    'PUT callback': ({ body }) => wecom.setCallback(callbackOf(body), body.verify !== false),
    'PUT app-callback': ({ body }) => wecom.setAppCallback(callbackOf(body), body.verify !== false),
    'DELETE callback': () => done(() => wecom.removeCallbacks()),
    'GET callbacks': () => ({ data: wecom.callbacks.records.slice(-1000) }),
    'GET idle': async () => {
      await wecom.idle();
      return { idle: true };
    },
    'POST warm': () => done(() => wecom.warm()),
    'GET messages': () => ({ data: wecom.messages.slice(-1000) }),
    'PATCH facts': ({ body }) => {
      wecom.setFacts(known(body, defaultFacts));
      return wecom.facts;
    },
    'PATCH limits': ({ body }) => {
      wecom.setLimits(known(body, defaultLimits));
      return wecom.limits;
    },
    'PATCH app': ({ body }) => {
      const { secret: _secret, agentId: _agentId, ...changeable } = wecom.app;
      wecom.setApp(known(body, changeable));
      return { ...wecom.app, secret: undefined };
    },
    'PATCH contacts': ({ body }) => {
      const { trustedIps, legacyCaller } = wecom.contacts;
      wecom.setContacts(known(body, { trustedIps, legacyCaller }));
      return { ...wecom.contacts, secret: undefined };
    },
    'PATCH delivery': ({ body }) => Object.assign(wecom.callbacks.switches, known(body, defaultDelivery)),
    'PUT tags/*': ({ body, rest }) =>
      done(() =>
        wecom.putTag(Number(rest), typeof body.name === 'string' ? body.name : rest, {
          users: (body.users as string[] | undefined) ?? [],
          parties: (body.parties as number[] | undefined) ?? [],
        }),
      ),
  };
}

function callbackOf(body: Record<string, unknown>): CallbackSetup {
  if (typeof body.url !== 'string') throw new TypeError('url is needed');
  const { verify: _verify, ...setup } = body;
  return setup as unknown as CallbackSetup;
}

function done(action: () => void): Record<string, never> {
  action();
  return {};
}
