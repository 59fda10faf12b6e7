import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';

declare module 'fastify' {
  /** What the decorators below put into the configuration of a route. */
  interface FastifyContextConfig {
    bodyLimit?: number;
    acceptsForm?: boolean;
  }
}

/** Bytes this route takes in a body, instead of 1 MiB. */
export const BodyLimit = (bytes: number): MethodDecorator => addRouteConfig({ bodyLimit: bytes });

/** This route also takes `application/x-www-form-urlencoded`. */
export const AcceptForm = (): MethodDecorator => addRouteConfig({ acceptsForm: true });

const ROUTE_CONFIG = Symbol('trainbridge:route-config');

/** `RouteConfig` replaces what an earlier one set; ours add up. */
function addRouteConfig(config: Record<string, unknown>): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const handler = descriptor.value as object;
    const merged = { ...(Reflect.getMetadata(ROUTE_CONFIG, handler) as object | undefined), ...config };
    Reflect.defineMetadata(ROUTE_CONFIG, merged, handler);
    (RouteConfig(merged) as MethodDecorator)(target, key, descriptor);
  };
}

export const PUBLIC_ROUTE = 'trainbridge:public';

/** A route (or controller) that anybody may call without a token. */
export const Public = (): CustomDecorator => SetMetadata(PUBLIC_ROUTE, true);
