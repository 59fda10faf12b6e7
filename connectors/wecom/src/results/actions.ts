import { label, type ResultAction } from '@trainbridge/connector-kit';
import { DUPLICATE_CHECK_SECONDS, RECIPIENTS_PER_MESSAGE } from '../api/messages.js';
import { MAX_TAG_NAME } from './tag-options.js';

const text = {
  ...label(
    { en: 'Text', 'zh-CN': '文本' },
    {
      en: 'With the placeholders {name} {course} {exam} {result} {score} {certificate}. Absent: a text in the language of the connection.',
      'zh-CN':
        '可用占位符 {name} {course} {exam} {result} {score} {certificate}。留空则使用连接语言的默认文本。',
    },
  ),
  type: 'string',
  minLength: 1,
  maxLength: 2_000,
} as const;

/** What `results.report` can do, and how often each may be done without doing it twice. */
export const resultActions: readonly ResultAction[] = [
  {
    name: 'message',
    title: { en: 'Message of the app', 'zh-CN': '应用消息' },
    optionsSchema: { type: 'object', properties: { text }, additionalProperties: false },
    // The key is the message itself: an equal text to the same people is dropped for four hours (D-90236).
    idempotency: 'key',
    keyLifetimeMs: DUPLICATE_CHECK_SECONDS * 1_000,
    recipients: ['user'],
    maxBatch: RECIPIENTS_PER_MESSAGE,
  },
  {
    name: 'tag',
    title: { en: 'Member or customer tag', 'zh-CN': '成员标签或客户标签' },
    optionsSchema: {
      type: 'object',
      properties: {
        tagName: {
          ...label(
            { en: 'Tag name', 'zh-CN': '标签名称' },
            {
              en: 'Found by name, or made: among member tags for employees, among customer tags for customers. Absent, and no tag id: “Training completed”.',
              'zh-CN':
                '按名称查找，不存在则新建：员工使用成员标签，客户使用客户标签。名称与 ID 均留空则为“培训完成”。',
            },
          ),
          type: 'string',
          pattern: '\\S',
          minLength: 1,
          maxLength: MAX_TAG_NAME,
        },
        tagId: {
          ...label(
            { en: 'Tag ID', 'zh-CN': '标签 ID' },
            {
              en: 'Instead of the name: the number of a member tag that this app created, or the id of a customer tag (`et…`).',
              'zh-CN': '代替名称：本应用创建的成员标签 ID（数字），或客户标签 ID（et 开头）。',
            },
          ),
          type: ['string', 'integer'],
          pattern: '^[A-Za-z0-9_-]{1,64}$',
          minimum: 1,
        },
      },
      additionalProperties: false,
    },
    idempotency: 'natural',
    recipients: ['user', 'customer'],
    // Members need one call for all, customers one for each member who has added them.
    maxBatch: 200,
  },
  {
    name: 'attribute',
    title: { en: 'Extended attribute of the profile card', 'zh-CN': '成员扩展属性' },
    optionsSchema: {
      type: 'object',
      properties: {
        attribute: {
          ...label(
            { en: 'Attribute', 'zh-CN': '扩展属性名称' },
            {
              en: 'Its name, exactly as an administrator created it under Contacts → Member fields; a text, of which WeCom keeps 64 characters. Needs `contactsSecret`.',
              'zh-CN':
                '须与管理后台 通讯录 → 成员资料字段 中创建的名称完全一致；文本类型，最多保留 64 个字符。需填写 `contactsSecret`。',
            },
          ),
          type: 'string',
          minLength: 1,
          maxLength: 64,
        },
        text,
      },
      required: ['attribute'],
      additionalProperties: false,
    },
    idempotency: 'natural',
    recipients: ['user'],
    // Two or three calls a person: what is there is read before and after.
    maxBatch: 50,
  },
];
