import { call, type DingtalkContext } from '../api.js';
import { missing } from '../errors.js';

/** A place on DingTalk's event stream: where to connect, and a ticket that is good once within 90 seconds. */
export async function openStream(context: DingtalkContext): Promise<{ endpoint: string; ticket: string }> {
  const { clientId, clientSecret } = context.config;
  const path = '/v1.0/gateway/connections/open';
  const { endpoint, ticket } = await call(context, 'POST', path, {
    // Which events come is chosen in the console; `*` is the only topic there is.
    json: { clientId, clientSecret, subscriptions: [{ type: 'EVENT', topic: '*' }], ua: 'trainbridge' },
    headers: { accept: 'application/json' },
    retry: 'safe',
    token: undefined,
  });
  if (typeof endpoint !== 'string' || endpoint === '') throw missing(path, 'the endpoint');
  if (typeof ticket !== 'string' || ticket === '') throw missing(path, 'the ticket');
  return { endpoint, ticket };
}
