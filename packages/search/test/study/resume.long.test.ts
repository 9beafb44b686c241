/** Interrupted at every unit, and killed in the middle of every record of its journal and behind it; `npm test` tries some of them. */
import './resume.test.ts';
