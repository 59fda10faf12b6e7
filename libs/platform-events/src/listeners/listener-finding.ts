import type { ListenerState } from '@trainbridge/connections';
import type { Finding, LocalizedText } from '@trainbridge/connector-kit';

/**
 * What the check of a connection says of the one held for its events; nothing where none is held.
 *
 * @param takesCallbacks whether events may as well come by callback: then one that is not up need not be a fault
 */
export function listenerFinding({ status, error }: ListenerState, takesCallbacks: boolean): Finding[] {
  if (status === 'off') return [];
  const step = 'listener';
  const data = { status };
  if (status === 'connected') return [{ step, ok: true, message: CONNECTED, data }];
  const told = error === null ? '' : ` (${error.code}: ${error.message})`;
  const message = {
    en: `The connection for events is not up yet: ${status}${told}.`,
    'zh-CN': `事件长连接尚未建立：${status}${told}。`,
  };
  if (error === null) return [{ step, ok: true, message, data }];
  return [{ step, ok: takesCallbacks, message, advice: takesCallbacks ? EITHER_WAY : ADVICE, data }];
}

const CONNECTED: LocalizedText = {
  en: 'A connection to the platform is held; events arrive over it, no public address is needed.',
  'zh-CN': '已与平台保持长连接，事件经由该连接到达，无需公网地址。',
};
const ADVICE: LocalizedText = {
  en: 'It is tried again by itself. If events come by callback instead, set `listen` to false on this connection.',
  'zh-CN': '系统会自动重试。如果事件通过回调推送，请将该连接的 `listen` 设为 false。',
};
const EITHER_WAY: LocalizedText = {
  en: 'Callbacks are taken meanwhile. If all events come that way, set `listen` to false on this connection; otherwise it is tried again by itself.',
  'zh-CN':
    '在此期间可通过回调接收事件。如果事件全部通过回调推送，请将该连接的 `listen` 设为 false；否则系统会自动重试。',
};
