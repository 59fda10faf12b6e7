import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CourseLinks, TaskRuns } from '@trainbridge/connections';
import { AssignmentMaker } from './assignments/assignment-maker.js';
import { AssignmentsController } from './assignments/assignments.controller.js';
import { Assignments } from './assignments/assignments.js';
import { AssignmentsOptions } from './assignments-options.js';
import { AudienceFollower } from './audience/audience-follower.js';
import { AssignmentsConnectionHooks } from './connection-hooks.js';
import { CatalogueCourseLinks } from './courses/catalogue-course-links.js';
import { CoursesController } from './courses/courses.controller.js';
import { Courses } from './courses/courses.js';
import { EnrollmentRecord } from './enrollments/enrollment-record.js';
import { EnrollmentsController } from './enrollments/enrollments.controller.js';
import { Enrollments } from './enrollments/enrollments.js';
import { LearningProgress } from './enrollments/learning-progress.js';
import { RuleEngine } from './rules/rule-engine.js';
import { RuleTest } from './rules/rule-test.js';
import { RuleTriggers } from './rules/rule-triggers.js';
import { RulesController } from './rules/rules.controller.js';
import { Rules } from './rules/rules.js';
import { TaskEvents } from './tasks/task-events.js';
import { TaskRunner } from './tasks/task-runner.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TodoOutbox } from './todos/todo-outbox.js';
import { TodoSender } from './todos/todo-sender.js';

/**
 * Courses, assignments, enrollments, rules, the platforms' tasks and to-dos. Needs ConnectionsModule, JobsModule, AccessModule and
 * DirectoryModule; PlatformEventsModule where there are events. Provides TaskRuns and CourseLinks to everybody.
 */
@Global()
@Module({})
export class AssignmentsModule {
  static forRoot(options: Partial<AssignmentsOptions> = {}): DynamicModule {
    return {
      module: AssignmentsModule,
      controllers: [
        CoursesController,
        AssignmentsController,
        EnrollmentsController,
        RulesController,
        TasksController,
      ],
      providers: [
        { provide: AssignmentsOptions, useValue: new AssignmentsOptions(options) },
        { provide: CourseLinks, useClass: CatalogueCourseLinks },
        { provide: TaskRuns, useClass: TaskRunner },
        AssignmentMaker,
        Assignments,
        AssignmentsConnectionHooks,
        AudienceFollower,
        Courses,
        EnrollmentRecord,
        Enrollments,
        LearningProgress,
        RuleEngine,
        RuleTest,
        RuleTriggers,
        Rules,
        TaskEvents,
        TodoOutbox,
        TodoSender,
      ],
      exports: [CourseLinks, TaskRuns],
    };
  }
}
