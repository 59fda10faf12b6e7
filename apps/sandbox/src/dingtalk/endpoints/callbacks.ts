import { OldApiError } from '../api-error.js';
import { oldText, type DingtalkEndpoint, type DingtalkWorld } from '../world.js';

// Documentation pages at open.dingtalk.com: http-callback-overview, obtain-the-event-list-of-failed-push-messages.

const path = (name: string): string => `/call_back/${name}`;
const old = { generation: 'old', scope: 'qyapi_base', bare: true } as const;

/** Registers a URL; it must answer `check_url`, sealed with the corp id as owner. */
const register: DingtalkEndpoint = {
  ...old,
  method: 'POST',
  path: path('register_call_back'),
  handle(call, world) {
    if (world.callbacks.target !== undefined) throw new OldApiError(71006);
    return save(call.body, world);
  },
};

/** Another URL, token, key or list of events, checked like the first. */
const update: DingtalkEndpoint = {
  ...old,
  method: 'POST',
  path: path('update_call_back'),
  handle(call, world) {
    if (world.callbacks.target === undefined) throw new OldApiError(71007);
    return save(call.body, world);
  },
};

/** What is registered. */
const get: DingtalkEndpoint = {
  ...old,
  method: 'GET',
  path: path('get_call_back'),
  handle(_call, world) {
    const { target } = world.callbacks;
    if (target === undefined) throw new OldApiError(71007);
    return {
      call_back_tag: target.tags === undefined ? [] : [...target.tags],
      token: target.token,
      aes_key: target.aesKey,
      url: target.url,
    };
  },
};

/** Nobody is told any more. */
const remove: DingtalkEndpoint = {
  ...old,
  method: 'GET',
  path: path('delete_call_back'),
  handle(_call, world) {
    if (world.callbacks.target === undefined) throw new OldApiError(71007);
    world.callbacks.remove();
    return {};
  },
};

/** Events that could not be handed over, each told once, at most 200 per call. */
const failedResults: DingtalkEndpoint = {
  ...old,
  method: 'GET',
  path: path('get_call_back_failed_result'),
  handle: (_call, world) => world.callbacks.takeFailed(),
};

export const callbackEndpoints = [register, update, get, remove, failedResults];

async function save(body: Record<string, unknown>, world: DingtalkWorld): Promise<Record<string, unknown>> {
  const tags = body.call_back_tag;
  if (!Array.isArray(tags) || !tags.every((tag): tag is string => typeof tag === 'string' && tag !== ''))
    throw new OldApiError(71008);
  const url = oldText(body, 'url');
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) throw new OldApiError(71012);
  const setup = {
    url,
    token: oldText(body, 'token'),
    aesKey: oldText(body, 'aes_key'),
    ownerKey: world.corpId,
    tags,
  };
  const saved = await world.callbacks.save(setup).catch((error: unknown) => {
    if (error instanceof TypeError) throw new OldApiError(400002, error.message);
    throw error;
  });
  if (!saved.ok) throw new OldApiError(71012, saved.reason);
  return {};
}
