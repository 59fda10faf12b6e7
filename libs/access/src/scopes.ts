import type { LocalizedText } from '@trainbridge/connector-kit';

/** The closed list of scopes, with what each one opens. */
export const SCOPES = {
  openid: { en: 'Sign people in with OpenID Connect', 'zh-CN': '使用 OpenID Connect 登录' },
  profile: { en: 'Read the profile of a signed-in person', 'zh-CN': '读取已登录人员的资料' },
  'directory:read': {
    en: 'Read users, departments, persons and changes',
    'zh-CN': '读取用户、部门、人员及变更',
  },
  'directory:contact': {
    en: 'See mobile numbers and work e-mail addresses',
    'zh-CN': '查看手机号与工作邮箱',
  },
  'directory:write': {
    en: 'Settle matches and conflicts, import people',
    'zh-CN': '处理匹配与冲突、导入人员',
  },
  'connections:read': { en: 'Read connectors and connections', 'zh-CN': '读取连接器与连接' },
  'connections:admin': {
    en: 'Create, change, check and delete connections',
    'zh-CN': '创建、修改、检查和删除连接',
  },
  'runs:write': { en: 'Start, approve and cancel runs', 'zh-CN': '启动、批准和取消同步任务' },
  'assignments:read': {
    en: 'Read courses, assignments and enrollments',
    'zh-CN': '读取课程、指派与学习任务',
  },
  'assignments:write': { en: 'Write courses, assignments and rules', 'zh-CN': '写入课程、指派与规则' },
  'learning-events:read': { en: 'Read learning events', 'zh-CN': '读取学习事件' },
  'learning-events:write': { en: 'Send learning events', 'zh-CN': '发送学习事件' },
  'subscriptions:write': { en: 'Manage webhook subscriptions', 'zh-CN': '管理 Webhook 订阅' },
  'deliveries:read': { en: 'Read deliveries and their attempts', 'zh-CN': '读取投递及其尝试记录' },
  'deliveries:write': { en: 'Retry deliveries', 'zh-CN': '重试投递' },
  'exchanges:read': { en: 'Read platform events and the HTTP log', 'zh-CN': '读取平台事件与 HTTP 日志' },
  'audit:read': { en: 'Read the audit log', 'zh-CN': '读取审计日志' },
  'metrics:read': { en: 'Read the metrics', 'zh-CN': '读取监控指标' },
  'clients:admin': { en: 'Manage API clients and their tokens', 'zh-CN': '管理 API 客户端及其令牌' },
} as const satisfies Record<string, LocalizedText>;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES = Object.keys(SCOPES) as Scope[];

export function isScope(value: string): value is Scope {
  return Object.hasOwn(SCOPES, value);
}
