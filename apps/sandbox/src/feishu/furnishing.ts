import type { ApprovalDefinition } from './approvals.js';
import { newTable, type Base } from './bitable.js';
import { feishuDefaults } from './constants.js';

/** What the tenant of the sandbox has from the beginning: an application for training, and a base for its results. */
export const trainingApplication: ApprovalDefinition = {
  code: feishuDefaults.approvalCode,
  name: '培训申请',
  widgets: [
    { id: 'widget1', name: '课程', type: 'input' },
    { id: 'widget2', name: '事由', type: 'textarea' },
    { id: 'widget3', name: '截止日期', type: 'date' },
  ],
};

/** A base with one empty table. */
export function resultsBase(): Base {
  const columns = { 学员: 'text', 课程: 'text', 结果: 'text', 得分: 'number', 时间: 'date' } as const;
  const table = newTable(feishuDefaults.tableId, '学习结果', columns);
  return { appToken: feishuDefaults.appToken, name: '培训档案', collaborator: true, tables: [table] };
}
