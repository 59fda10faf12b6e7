import {
  ConnectorError,
  type ItemOutcome,
  type LocalizedText,
  type ResultItem,
  type ResultsCapability,
} from '@trainbridge/connector-kit';
import type { WecomConfig } from './config.js';
import { writeAttribute } from './results/attribute.js';
import { tagCustomers } from './results/customer-tag.js';
import { tagMembers } from './results/member-tag.js';
import { sendTexts } from './results/message.js';

const MEMBERS_ONLY: LocalizedText = {
  en: 'Apps of WeCom reach members only; a customer can be tagged.',
  'zh-CN': '企业微信应用只能触达企业成员；客户可以打标签。',
};

/** What people in WeCom see of learning: a message, a tag, a value on the profile card. */
export const results: ResultsCapability<WecomConfig> = {
  async report(context, { action, options, items }) {
    const people = items.filter(({ recipient }) => recipient.kind === 'user');
    const contacts = items.filter(({ recipient }) => recipient.kind === 'customer');
    switch (action) {
      case 'message':
        return [...(await sendTexts(context, people)), ...contacts.map(notForCustomers)];
      case 'tag': {
        const outcomes = await Promise.all([
          tagMembers(context, options, people),
          tagCustomers(context, options, contacts),
        ]);
        return outcomes.flat();
      }
      case 'attribute':
        return [...(await writeAttribute(context, options, people)), ...contacts.map(notForCustomers)];
      default:
        throw new ConnectorError('config_invalid', `WeCom has no result action "${action}".`);
    }
  },
};

function notForCustomers({ key }: ResultItem): ItemOutcome {
  return { key, status: 'skipped', reason: MEMBERS_ONLY };
}
