/** Scenes also at rest, and all of them in forced colors. */
import './scenes.test.ts';
