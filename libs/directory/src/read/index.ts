import type { Provider, Type } from '@nestjs/common';

/** What the directory module mounts to answer questions about people and departments. */
export const READ_CONTROLLERS: Type[] = [];
export const READ_PROVIDERS: Provider[] = [];
