import type { Company } from '../../company/index.js';
import { wecomDefaults } from '../constants.js';

/** Controls whose values are understood (sheet 7.2). */
export type ControlType = 'Text' | 'Textarea' | 'Number' | 'Money' | 'Date' | 'Selector' | 'Contact';

/** One control of a form. */
export interface Control {
  control: ControlType;
  id: string;
  title: string;
  required: boolean;
  /** Of a selector: key and text. */
  options?: readonly { key: string; text: string }[];
}

/** A form of the approval app (审批模板). */
export interface ApprovalTemplate {
  id: string;
  name: string;
  controls: readonly Control[];
}

/** A control as it was filled in. */
export interface Content {
  control: string;
  id: string;
  title: string;
  value: Record<string, unknown>;
}

/** What the company has from the beginning: an application for training. */
export const trainingTemplate: ApprovalTemplate = {
  id: wecomDefaults.approvalTemplateId,
  name: '培训申请',
  controls: [
    { control: 'Text', id: 'Text-SIM1', title: '课程', required: true },
    { control: 'Textarea', id: 'Textarea-SIM2', title: '事由', required: false },
    { control: 'Date', id: 'Date-SIM3', title: '截止日期', required: false },
    {
      control: 'Selector',
      id: 'Selector-SIM4',
      title: '方式',
      required: false,
      options: [
        { key: 'option-1', text: '线上' },
        { key: 'option-2', text: '线下' },
      ],
    },
    { control: 'Contact', id: 'Contact-SIM5', title: '参训人员', required: false },
  ],
};

/**
 * A form filled in by title or id; answers to nothing that is asked become texts of their own. Dates are written
 * `2026-01-31`, people as userids with commas between.
 */
export function fillIn(
  template: ApprovalTemplate,
  answers: Readonly<Record<string, string>>,
  company: Company,
): Content[] {
  return Object.entries(answers).map(([name, answer], index) => {
    const known = template.controls.find(({ id, title }) => title === name || id === name);
    const control: Control = known ?? {
      control: 'Text',
      id: `Text-SIM${90 + index}`,
      title: name,
      required: false,
    };
    const { id, title } = control;
    return { control: control.control, id, title, value: valueOf(control, answer, company) };
  });
}

function valueOf(control: Control, answer: string, company: Company): Record<string, unknown> {
  switch (control.control) {
    case 'Text':
    case 'Textarea':
      return { text: answer };
    case 'Number':
      return { new_number: answer };
    case 'Money':
      return { new_money: answer };
    case 'Date': {
      // A day begins at midnight in China.
      const seconds = Math.floor(Date.parse(`${answer}T00:00:00+08:00`) / 1000);
      return { date: { type: 'day', s_timestamp: String(seconds) } };
    }
    case 'Selector': {
      const option = control.options?.find(({ key, text }) => key === answer || text === answer);
      const key = option?.key ?? answer;
      const value = [{ text: option?.text ?? answer, lang: 'zh_CN' }];
      return { selector: { type: 'single', options: [{ key, value }] } };
    }
    case 'Contact':
      return {
        members: answer
          .split(',')
          .map((userid) => ({ userid, name: company.person(userid)?.name ?? userid })),
      };
  }
}
