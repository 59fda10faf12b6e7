import { describeConnectorConformance } from '@trainbridge/connector-testing';
import example from '../src/index.js';
import { acmeHarness } from './acme-harness.js';

describeConnectorConformance(example, acmeHarness);
