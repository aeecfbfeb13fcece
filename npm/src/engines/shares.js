import { locate } from 'tepal:code/shares';
import { newBuild } from 'tepal:glue/shares';
import { Engine } from '../engine.js';

/** @type {Engine<typeof import('../../../www/pkg/shares/tepal.js')>} */
export const engine = new Engine(newBuild, locate);
