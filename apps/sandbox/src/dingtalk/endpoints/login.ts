import { OldApiError, Refusal } from '../api-error.js';
import { adminLevel } from '../user-record.js';
import { oldText, type DingtalkEndpoint } from '../world.js';
import type { Visitor } from '../visitors.js';

// Documentation pages at open.dingtalk.com: tutorial-obtaining-user-personal-information; develop-stream-mode-push-server for the stream.

/** Who logged in, as an account: nothing here says they work in this company. */
const me: DingtalkEndpoint = {
  generation: 'new',
  method: 'GET',
  path: '/v1.0/contact/users/me',
  token: 'user',
  scope: 'Contact.User.Read',
  free: true,
  handle(call, world) {
    const { account, nick, mobile, email } = call.visitor as Visitor;
    return {
      nick,
      avatarUrl: `https://img.example.test/d/${account.openId.slice(0, 8)}`,
      ...(world.app.scopes.includes('Contact.User.mobile') ? { mobile, stateCode: '86' } : {}),
      openId: account.openId,
      unionId: account.unionId,
      ...(email === '' ? {} : { email }),
    };
  },
};

/** Who opened the app inside the client. */
const getUserInfo: DingtalkEndpoint = {
  generation: 'old',
  method: 'POST',
  path: '/topapi/v2/user/getuserinfo',
  scope: 'qyapi_base',
  free: true,
  handle(call, world) {
    const code = world.loginCodes.take(oldText(call.body, 'code'), 'inApp');
    if (code === undefined) throw new OldApiError(40078);
    const person = world.humans.byUserid(code.userid);
    // Only employees open an internal app; whoever left since then is nobody.
    if (person === undefined) throw new OldApiError(world.facts.unknownUserCode);
    const level = adminLevel(person);
    const { unionId } = world.humans.account(person);
    return {
      result: {
        userid: person.account,
        unionid: unionId,
        associated_unionid: unionId,
        name: person.name,
        device_id: `sandbox-${person.id}`,
        sys: level > 0,
        sys_level: level,
      },
    };
  },
};

/** A ticket for the stream; who asks shows the app's own credentials, no token. */
const openConnection: DingtalkEndpoint = {
  generation: 'new',
  method: 'POST',
  path: '/v1.0/gateway/connections/open',
  token: 'none',
  free: true,
  handle(call, world) {
    const { app } = world;
    if (call.body.clientId !== app.clientId || call.body.clientSecret !== app.clientSecret || app.stopped)
      throw new Refusal('token_unknown', 'clientId or clientSecret is wrong');
    return world.stream.open(call.body.subscriptions, call.headers);
  },
};

export const loginEndpoints = [me, getUserInfo, openConnection];
