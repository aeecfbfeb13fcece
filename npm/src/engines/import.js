import { locate } from 'tepal:code/import';
import { newBuild } from 'tepal:glue/import';
import { Engine } from '../engine.js';

/** @type {Engine<typeof import('../../../www/pkg/import/tepal.js')>} */
export const engine = new Engine(newBuild, locate);
