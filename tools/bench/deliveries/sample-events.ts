/** Learning events of about 700 bytes each, as a learning system sends them. */
export function sampleEvents(count: number, round: string): Record<string, unknown>[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `bench-${round}-${index}`,
    type: index % 4 === 0 ? 'exam.passed' : 'course.completed',
    learner: { employeeNumber: `E${100_000 + (index % 2_000)}` },
    course: {
      id: `course-${index % 50}`,
      code: `SEC-${index % 50}`,
      title: '信息安全与数据保护基础培训（2026 版）',
    },
    result: {
      completion: true,
      success: true,
      progress: 1,
      score: { raw: 60 + (index % 40), min: 0, max: 100, scaled: 0.6 + (index % 40) / 100 },
      durationSeconds: 1_800 + (index % 600),
    },
    occurredAt: new Date(Date.UTC(2026, 10, 23, 1, 0, index % 3_600)).toISOString(),
    attributes: {
      trainingPlan: '2026 年度全员必修课程',
      classroom: `上海总部 ${1 + (index % 20)} 号教室`,
      teacher: '王小明',
      tags: ['必修', '线上', '考试'],
      note: 'Imported by the nightly job of the learning system, batch of the second half of November.',
    },
  }));
}
