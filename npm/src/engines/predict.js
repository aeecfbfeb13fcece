import { locate } from 'tepal:code/predict';
import { newBuild } from 'tepal:glue/predict';
import { Engine } from '../engine.js';

/** @type {Engine<typeof import('../../../www/pkg/predict/tepal.js')>} */
export const engine = new Engine(newBuild, locate);
