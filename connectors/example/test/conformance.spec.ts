import { describeConnectorConformance } from '@trainbridge/connector-testing';
import connector from '../src/index.js';
import { acmeHarness } from './acme-harness.js';

describeConnectorConformance(connector, acmeHarness);
