import { locate } from 'tepal:code/shares';
import * as build from '../../../www/pkg/shares/tepal.js';
import { Engine } from '../engine.js';

export const engine = new Engine(build, locate);
