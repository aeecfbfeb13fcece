import { locate } from 'tepal:code/train';
import { newBuild } from 'tepal:glue/train';
import { Engine } from '../engine.js';

/** @type {Engine<typeof import('../../../www/pkg/train/tepal.js')>} */
export const engine = new Engine(newBuild, locate);
