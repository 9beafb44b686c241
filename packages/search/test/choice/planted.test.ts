import { plantedCases } from '../support/plantedCases.ts';

plantedCases(40);
