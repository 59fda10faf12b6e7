import { ConnectorError, type ResultsCapability } from '@trainbridge/connector-kit';
import type { DingtalkConfig } from './config.js';
import { tagCustomers } from './results/customer-tag.js';
import { sendMessages } from './results/message.js';

/** What the platform is told about a result: a message to the learner, a label on an external contact. */
export const results: ResultsCapability<DingtalkConfig> = {
  async report(context, { action, options, items }) {
    switch (action) {
      case 'message':
        return sendMessages(context, items);
      case 'tag':
        return tagCustomers(context, options, items);
      default:
        throw new ConnectorError('input_invalid', `DingTalk has no result action "${action.slice(0, 40)}".`);
    }
  },
};
