import { ConnectorError, type ResultsCapability } from '@trainbridge/connector-kit';
import type { FeishuConfig } from './config.js';
import { setAttributes } from './results/attribute.js';
import { sendMessages } from './results/message.js';
import { addRows } from './results/record.js';

/** What became of learning, told back to Feishu; the platform itself has no interface for finished courses. */
export const results: ResultsCapability<FeishuConfig> = {
  async report(context, { action, options, items }) {
    switch (action) {
      case 'message':
        return sendMessages(context, items);
      case 'record':
        return addRows(context, options, items);
      case 'attribute':
        return setAttributes(context, options, items);
      default:
        throw new ConnectorError('config_invalid', `Feishu has no result action "${action.slice(0, 40)}".`);
    }
  },
};
