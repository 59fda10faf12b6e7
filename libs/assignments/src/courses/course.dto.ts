import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ListQuery } from '@trainbridge/http-api';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNotEmpty,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { IfPresent, IsWebAddress, LONGEST_ADDRESS } from '../fields.js';

/** The most courses in one request. */
export const MOST_COURSES = 1_000;

export class CourseBody {
  @ApiProperty({ description: 'The learning system’s own id.', maxLength: 200, example: 'c-101' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  id: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    maxLength: 200,
    description: 'A second name, such as the course number; learning events may use it as `course.code`.',
    example: 'SEC-2026',
  })
  @IsOptional()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  code?: string | null;

  @ApiProperty({ maxLength: 500, example: '信息安全基础' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(500)
  title: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    format: 'uri',
    maxLength: LONGEST_ADDRESS,
    description: 'Where the course is opened: to-dos and `/go/…` lead there.',
    example: 'https://lms.example.com/courses/101',
  })
  @IsOptional()
  @IsWebAddress()
  url?: string | null;
}

export class PutCoursesBody {
  @ApiProperty({
    type: 'array',
    items: { $ref: getSchemaPath(CourseBody) },
    minItems: 1,
    maxItems: MOST_COURSES,
    description: 'Each is judged by itself: a bad one is reported, the others are taken.',
  })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_COURSES)
  courses: unknown[];
}

export class RejectedCourseDto {
  @ApiProperty({ type: 'integer', description: 'Position in the batch, from 0.' })
  index: number;

  @ApiProperty({ enum: ['invalid_request'], description: 'From the error catalogue.' })
  code: string;

  @ApiProperty({ description: 'What is wrong, in the language of `Accept-Language`.' })
  detail: string;
}

export class PutCoursesDto {
  @ApiProperty({ type: 'integer' })
  created: number;

  @ApiProperty({ type: 'integer' })
  updated: number;

  @ApiProperty({ type: 'integer' })
  unchanged: number;

  @ApiProperty({ type: [RejectedCourseDto] })
  rejected: RejectedCourseDto[];
}

export class CourseDto {
  @ApiProperty({ example: 'c-101' })
  id: string;

  @ApiProperty({ type: String, nullable: true })
  code: string | null;

  @ApiProperty({ example: '信息安全基础' })
  title: string;

  @ApiProperty({ type: String, nullable: true, example: 'https://lms.example.com/courses/101' })
  url: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Whose catalogue it stands in; null: put in with the admin token.',
  })
  clientId: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  createdAt: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updatedAt: string;
}

export class CoursesQuery extends ListQuery {
  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'Only the course of this id.' })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  id?: string;

  @ApiPropertyOptional({ type: String, maxLength: 200, description: 'Only courses of this code.' })
  @IfPresent()
  @IsString()
  @IsNotEmpty()
  @MaxLength(200)
  code?: string;
}
