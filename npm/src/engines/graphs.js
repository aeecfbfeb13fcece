import { locate } from 'tepal:code/graphs';
import { newBuild } from 'tepal:glue/graphs';
import { Engine } from '../engine.js';

/** @type {Engine<typeof import('../../../www/pkg/graphs/tepal.js')>} */
export const engine = new Engine(newBuild, locate);
