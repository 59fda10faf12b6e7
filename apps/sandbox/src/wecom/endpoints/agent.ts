import { WecomApiError } from '../api-error.js';
import { queryNumber, requireApp, type WecomEndpoint } from '../world.js';

/** Sheet 0 and 2.1: what the app may see. */
export const agentGet: WecomEndpoint = {
  method: 'GET',
  handle(call, world) {
    const app = requireApp(call.principal);
    const agentId = queryNumber(call.query, 'agentid');
    if (agentId === undefined) throw new WecomApiError(40056);
    if (agentId !== app.agentId) throw new WecomApiError(301002);
    const narrowed = call.faults.find((fault) => fault.kind === 'narrow_range');
    const range = narrowed === undefined ? app.range : { users: [], parties: [], tags: [], ...narrowed };
    const userids = range.users.map((userid) => world.company.person(userid)?.account ?? userid);
    return {
      agentid: app.agentId,
      name: app.name,
      square_logo_url: 'https://img.example.test/logo/0',
      description: '',
      allow_userinfos: { user: userids.map((userid) => ({ userid })) },
      allow_partys: { partyid: [...range.parties] },
      allow_tags: { tagid: [...range.tags] },
      close: app.disabled ? 1 : 0,
      redirect_domain: '',
      report_location_flag: 0,
      isreportenter: 0,
      home_url: '',
    };
  },
};

/** Sheet 4.1: addresses callbacks come from. */
export const callbackAddresses: WecomEndpoint = {
  method: 'GET',
  handle: (_call, world) => ({ ip_list: [...world.callbackIps] }),
};
