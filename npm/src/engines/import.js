import { locate } from 'tepal:code/import';
import * as build from '../../../www/pkg/import/tepal.js';
import { Engine } from '../engine.js';

export const engine = new Engine(build, locate);
