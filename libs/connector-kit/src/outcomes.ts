import type { ItemOutcome } from './capabilities.js';
import { isConnectorError } from './errors.js';

/** What the platform refused becomes the outcome of that item; the others of its batch go on. */
export async function outcomeOf(key: string, act: () => Promise<ItemOutcome>): Promise<ItemOutcome> {
  try {
    return await act();
  } catch (error) {
    if (!isConnectorError(error)) throw error;
    return { key, status: 'failed', error: error.data };
  }
}
