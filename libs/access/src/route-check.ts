import { Injectable, type OnModuleInit } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PUBLIC_ROUTE } from '@trainbridge/http-api';
import { REQUIRED_SCOPES } from './decorators.js';

/** Walks every route at start: one that says neither `@RequireScopes` nor `@Public()` stops the host. */
@Injectable()
export class RouteCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onModuleInit(): void {
    const open = this.discovery
      .getControllers()
      .flatMap(({ metatype }) => this.undeclared(metatype as ClassType | null));
    if (open.length === 0) return;
    throw new Error(`these routes declare neither @RequireScopes(…) nor @Public(): ${open.join(', ')}`);
  }

  private undeclared(controller: ClassType | null): string[] {
    if (!controller) return [];
    const prototype = controller.prototype as Record<string, unknown>;
    return this.scanner
      .getAllMethodNames(prototype)
      .filter((name) => {
        const handler = prototype[name];
        if (typeof handler !== 'function') return false;
        const isRoute =
          Reflect.hasMetadata(METHOD_METADATA, handler) && Reflect.hasMetadata(PATH_METADATA, handler);
        return isRoute && !this.isDeclared([handler as ClassType, controller]);
      })
      .map((name) => `${controller.name}.${name}`);
  }

  private isDeclared(targets: ClassType[]): boolean {
    const scopes = this.reflector.getAllAndOverride<unknown>(REQUIRED_SCOPES, targets);
    return Array.isArray(scopes) || this.reflector.getAllAndOverride<unknown>(PUBLIC_ROUTE, targets) === true;
  }
}

type ClassType = abstract new (...args: never[]) => unknown;
