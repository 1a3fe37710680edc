import { storeContract } from '../contract/store-contract.ts';
import { openTestStore } from '../testing/test-store.ts';

storeContract('sqlite', openTestStore);
