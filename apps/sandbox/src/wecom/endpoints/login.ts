import { WecomApiError } from '../api-error.js';
import type { Grant } from '../login/logins.js';
import { genderCode } from '../member-record.js';
import { bodyText, requireApp, type WecomCall, type WecomEndpoint, type WecomWorld } from '../world.js';
import { isFollowed } from './customers.js';

// D-91023, D-95833: a code becomes a person; a ticket becomes what they agreed to show.

export const getUserInfo: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    const { userid, openid, ...rest } = whoIs(call, world);
    return { ...(userid === undefined ? { openid } : { userid }), ...rest };
  },
};

/** The path of before, with its spelling. */
export const oldGetUserInfo: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    const { userid, openid, ...rest } = whoIs(call, world);
    return { ...(userid === undefined ? { OpenId: openid } : { UserId: userid }), DeviceId: '', ...rest };
  },
};

/** No name among it; what was not agreed to is absent, gender and avatar have a value for that. */
export const getUserDetail: WecomEndpoint = {
  method: 'POST',
  handle(call, world) {
    const app = requireApp(call.principal);
    const { person, fields } = world.logins.redeem(bodyText(call.body, 'user_ticket'), app.agentId);
    const all = {
      gender: genderCode(person),
      avatar: `https://img.example.test/a/${person.id}`,
      qr_code: `https://img.example.test/qr/${person.id}`,
      mobile: person.mobile,
      email: person.email,
      biz_mail: person.bizMail,
      address: person.address,
    };
    return {
      userid: person.account,
      gender: '0',
      avatar: 'https://img.example.test/a/default',
      ...Object.fromEntries(fields.map((field) => [field, all[field]])),
    };
  },
};

interface Identity {
  userid?: string;
  openid?: string;
  user_ticket?: string;
  external_userid?: string;
}

function whoIs(call: WecomCall, world: WecomWorld): Identity {
  const app = requireApp(call.principal);
  const code = call.query.get('code') ?? '';
  if (code === '') throw new WecomApiError(40029);
  const { visitor, consented }: Grant = world.logins.exchange(code);
  if (visitor.kind === 'outsider') return { openid: visitor.openId };
  if (visitor.kind === 'customer') {
    const { customer } = visitor;
    const isKnown = isFollowed(customer, call, world);
    return { openid: customer.openId, ...(isKnown ? { external_userid: customer.externalUserId } : {}) };
  }
  const { person } = visitor;
  // Whoever left since is a stranger.
  if (world.company.personById(person.id) === undefined) return { openid: `oSimBBBBformer${person.id}` };
  if (consented === null || !call.lens.seesPerson(person)) return { userid: person.account };
  const fields = consented.filter((field) => app.privateFields.includes(field));
  return {
    userid: person.account,
    user_ticket: world.logins.ticket({ agentId: app.agentId, person, fields }),
  };
}
