import { Body, Controller, Get, Headers, Put, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiListResponse, ApiProblems, preferredLanguage, type ListAnswer } from '@trainbridge/http-api';
import { CourseBody, CourseDto, CoursesQuery, PutCoursesBody, PutCoursesDto } from './course.dto.js';
import { Courses } from './courses.js';

@ApiTags('Assignments')
@ApiExtraModels(CourseBody)
@Controller('api/v1/courses')
export class CoursesController {
  constructor(private readonly courses: Courses) {}

  @Put()
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'putCourses',
    summary: 'Write courses',
    description:
      'Adds courses to your catalogue and changes those that are in it, up to 1,000 at once; others stay. Titles and addresses are what to-dos show and where they lead.',
  })
  @ApiOkResponse({ type: PutCoursesDto })
  @ApiProblems('invalid_request', 'invalid_json', 'body_too_large')
  put(
    @Body() { courses }: PutCoursesBody,
    @CurrentCaller() caller: Caller,
    @Headers('accept-language') acceptLanguage?: string,
  ): Promise<PutCoursesDto> {
    return this.courses.put(courses, caller, preferredLanguage(acceptLanguage));
  }

  @Get()
  @RequireScopes('assignments:read')
  @ApiOperation({
    operationId: 'listCourses',
    summary: 'List courses',
    description: 'Your own catalogue, in order of id; with the admin token all catalogues.',
  })
  @ApiListResponse(CourseDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: CoursesQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<CourseDto>> {
    return this.courses.list(query, actor);
  }
}
