import { describe, expect, it } from 'vitest';
import { resultText } from '../../src/platform/result-text.js';

const completed = {
  type: 'course.completed',
  course: { id: 'c-1', title: '信息安全基础' },
  result: { completion: true, score: { raw: 92, max: 100 } },
};

describe('the text of a result', () => {
  it('is a sensible default for every type and both languages', () => {
    expect(resultText(completed, '张三', 'zh-CN', undefined)).toBe(
      '张三已完成《信息安全基础》。成绩：92/100',
    );
    expect(resultText(completed, 'Zhang San', 'en', '  ')).toBe(
      'Zhang San has completed “信息安全基础”. Score: 92/100',
    );
    const exam = {
      type: 'exam.failed',
      exam: { id: 'x', title: '期末考试' },
      result: { score: { raw: 41 } },
    };
    expect(resultText(exam, '张三', 'zh-CN', undefined)).toBe('张三未通过考试《期末考试》。成绩：41');
    const certificate = { type: 'certificate.issued', certificate: { number: 'A-1' } };
    expect(resultText(certificate, null, 'en', undefined)).toBe(
      'The learner has received the certificate “A-1”.',
    );
    const progressed = { type: 'course.progressed', course: { id: 'c' }, result: { progress: 0.426 } };
    expect(resultText(progressed, '张三', 'zh-CN', undefined)).toBe('张三正在学习《c》，进度43%。');
    const odd = { type: 'question.asked' };
    expect(resultText(odd, 'Li', 'en', undefined)).toBe('News about the learning of Li.');
    expect(resultText(odd, '张三', 'zh-CN', undefined)).toBe('张三的学习有新进展。');
  });

  it('leaves out of a default what the event does not tell', () => {
    const { result: _result, ...bare } = completed;
    expect(resultText(bare, '张三', 'zh-CN', undefined)).toBe('张三已完成《信息安全基础》。');
    expect(resultText(bare, 'Zhang San', 'en', undefined)).toBe('Zhang San has completed “信息安全基础”.');
  });

  it('fills a template in one pass; what is no placeholder stays', () => {
    const template = '{name}|{course}|{exam}|{result}|{score}|{certificate}|{Name}|{ name }|{{name}}|{foo}';
    expect(resultText(completed, '{course}', 'en', template)).toBe(
      '{course}|信息安全基础|信息安全基础|completed|92/100|信息安全基础|{Name}|{ name }|{{course}}|{foo}',
    );
    expect(resultText({ type: 'x' }, '张三', 'en', '{name}:{score}')).toBe('张三:');
    expect(resultText({ type: 'exam.passed', result: { success: true } }, null, 'zh-CN', '{result}')).toBe(
      '通过',
    );
  });

  it('is bounded, and never cuts a character in two', () => {
    const long = resultText(completed, '😀'.repeat(1_000), 'zh-CN', '{name}');
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(2_000);
    expect(long).toMatch(/^(?:😀)+…$/u);
  });

  it('takes events of any shape', () => {
    const hostile = { type: 7, course: [], exam: 'x', result: { score: { raw: 'a' } }, certificate: null };
    expect(resultText(hostile, '张三', 'en', '{course}{exam}{score}{certificate}{result}')).toBe('');
  });
});
