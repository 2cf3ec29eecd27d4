import { deliveryFaults } from './delivery-faults.ts';
import { erasureFaults } from './erasure-faults.ts';
import { freshFaults } from './fresh-faults.ts';
import { leaseFaults } from './lease-and-inbox-faults.ts';
import { logFaults } from './log-faults.ts';
import type { PlantedFault } from './planted-fault.ts';
import { refusalFaults } from './refusal-faults.ts';
import { unseenFaults } from './unseen-faults.ts';

/** Each is planted alone. All of them compile. */
export const plantedFaults: readonly PlantedFault[] = [
  ...logFaults,
  ...deliveryFaults,
  ...erasureFaults,
  ...leaseFaults,
  ...unseenFaults,
  ...refusalFaults,
  ...freshFaults,
];
