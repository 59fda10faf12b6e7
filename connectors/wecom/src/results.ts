import { ConnectorError, type ResultsCapability } from '@trainbridge/connector-kit';
import type { WecomConfig } from './config.js';
import { writeAttribute } from './results/attribute.js';
import { tagCustomers } from './results/customer-tag.js';
import { tagMembers } from './results/member-tag.js';
import { sendTexts } from './results/message.js';

/** What an administrator of WeCom sees of learning: a message, a tag, a value on the profile card. */
export const results: ResultsCapability<WecomConfig> = {
  async report(context, { action, options, items }) {
    const people = items.filter(({ recipient }) => recipient.kind === 'user');
    const contacts = items.filter(({ recipient }) => recipient.kind === 'customer');
    switch (action) {
      case 'message':
        return sendTexts(context, people);
      case 'tag': {
        const outcomes = await Promise.all([
          tagMembers(context, options, people),
          tagCustomers(context, options, contacts),
        ]);
        return outcomes.flat();
      }
      case 'attribute':
        return writeAttribute(context, options, people);
      default:
        throw new ConnectorError('config_invalid', `WeCom has no result action "${action}".`);
    }
  },
};
