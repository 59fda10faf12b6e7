import type { Person } from '../../company/index.js';
import { FeishuApiError } from '../api-error.js';
import type { UserIdType } from '../identifiers.js';
import { tiers } from '../limits.js';
import { readable } from '../messages.js';
import { requireEmployeeId, type FeishuCall, type FeishuEndpoint, type FeishuWorld } from '../world.js';

const messageTypes = [
  'text', 'post', 'image', 'file', 'audio', 'media', 'sticker', 'interactive', 'share_chat', 'share_user', 'system',
]; // prettier-ignore
const largestText = 150 * 1024;
const largestCard = 30 * 1024;

/** im-v1/message/create: to one person; `content` is JSON inside JSON. */
export const messageCreate: FeishuEndpoint = {
  method: 'POST',
  path: 'im/v1/messages',
  token: 'tenant',
  scopes: ['im:message', 'im:message:send_as_bot', 'im:message:send'],
  rate: tiers.thousandPerMinute,
  handle(call, world) {
    if (!world.app.bot) throw new FeishuApiError(230006);
    const { msg_type: type, content, uuid } = call.body;
    if (typeof type !== 'string' || !messageTypes.includes(type)) throw new FeishuApiError(230001);
    if (uuid !== undefined && !(typeof uuid === 'string' && uuid.length <= 50))
      throw new FeishuApiError(230001);
    const receiver = receiverOf(call, world);
    const parsed = contentOf(content, type);
    world.rates.countMessage(receiver.account);
    const text = readable(parsed);
    const message = world.mailbox.send(
      { at: world.now(), receiver, type, content: content as string, text },
      uuid === '' ? undefined : uuid,
    );
    const time = String(message.at);
    return {
      message_id: message.id,
      msg_type: message.type,
      create_time: time,
      update_time: time,
      deleted: false,
      updated: false,
      chat_id: `oc_${world.ids.openId(receiver.id).slice(3)}`,
      sender: { id: world.appId, id_type: 'app_id', sender_type: 'app', tenant_key: world.tenantKey },
      body: { content: message.content },
    };
  },
};

/** @throws FeishuApiError 230001 without a type, 230034 for an id of nobody, 230013 for who cannot use the app. */
function receiverOf(call: FeishuCall, world: FeishuWorld): Person {
  const type = call.query.get('receive_id_type');
  const id = call.body.receive_id;
  if (type === null || typeof id !== 'string' || id === '') throw new FeishuApiError(230001);
  let person: Person | undefined;
  if (type === 'email') person = world.company.people().find(({ email }) => email === id);
  else if (type === 'open_id' || type === 'union_id' || type === 'user_id') {
    if (type === 'user_id') requireEmployeeId(world);
    person = world.ids.person(id, type satisfies UserIdType);
  } else throw new FeishuApiError(230001);
  if (person === undefined) throw new FeishuApiError(230034);
  const here = world.company.personById(person.id) === person;
  const reachable = person.status === 'active' || world.facts.messagesToInactive === 'accepted';
  if (!here || !reachable || !call.lens.seesPerson(person)) throw new FeishuApiError(230013);
  return person;
}

function contentOf(content: unknown, type: string): unknown {
  let parsed: unknown;
  try {
    parsed = typeof content === 'string' ? JSON.parse(content) : undefined;
  } catch {
    throw new FeishuApiError(230001);
  }
  if (typeof content !== 'string' || typeof parsed !== 'object' || parsed === null)
    throw new FeishuApiError(230001);
  const bytes = Buffer.byteLength(content);
  if (bytes > (type === 'text' ? largestText : largestCard)) throw new FeishuApiError(230025);
  if (type === 'text' && typeof (parsed as { text?: unknown }).text !== 'string')
    throw new FeishuApiError(230001);
  if (type === 'interactive' && !['elements', 'body', 'data', 'i18n_elements'].some((key) => key in parsed)) {
    throw new FeishuApiError(230099, {
      msg: 'Failed to create card content, ext=ErrCode: 200621; ErrMsg: parse card json err',
    });
  }
  return parsed;
}
