/** One event as it stands before encryption. */
export interface PlainEvent {
  /** `create_user`, `update_party`, `subscribe`… */
  changeType: string;
  /** Who or what it is about, for logs. */
  about: string;
  xml: string;
}

/** The document of an event: who tells it, when, and its fields (sheet 4.4). `at` in milliseconds. */
export function envelope(
  from: string,
  fields: readonly string[],
  { corpId, at }: { corpId: string; at: number },
): string {
  const head = [
    text('ToUserName', corpId),
    text('FromUserName', from),
    number('CreateTime', Math.floor(at / 1000)),
    text('MsgType', 'event'),
  ];
  return `<xml>${[...head, ...fields].join('')}</xml>`;
}

/** An element with its text in CDATA, whatever the text holds. */
export function text(name: string, value: string): string {
  return `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>`;
}

export function number(name: string, value: number | string): string {
  return `<${name}>${value}</${name}>`;
}

/** An element made of elements. */
export function group(name: string, ...fields: readonly string[]): string {
  return `<${name}>${fields.join('')}</${name}>`;
}
