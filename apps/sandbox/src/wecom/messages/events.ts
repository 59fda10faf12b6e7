import { envelope, number, text, type PlainEvent } from '../event-xml.js';

/** A button of a card that was pressed. */
export interface CardPress {
  userid: string;
  /** Of the button. */
  key: string;
  taskId: string;
  cardType: string;
  /** Updates the card once. */
  responseCode: string;
  agentId: number;
}

/** `template_card_event` (sheet 4.6). */
export function cardPressed(press: CardPress, context: { corpId: string; at: number }): PlainEvent {
  const fields = [
    text('Event', 'template_card_event'),
    text('EventKey', press.key),
    text('TaskId', press.taskId),
    text('CardType', press.cardType),
    text('ResponseCode', press.responseCode),
    number('AgentID', press.agentId),
  ];
  return {
    changeType: 'template_card_event',
    about: press.userid,
    xml: envelope(press.userid, fields, context),
  };
}
